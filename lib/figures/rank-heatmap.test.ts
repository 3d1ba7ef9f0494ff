import assert from "node:assert/strict";
import { test } from "node:test";
import { rankHeatmap } from "./rank-heatmap";

const title = "t";
const ranks = { W1: [784, 392, 98], W2: [10, 10, 5] };
const times = [0, 3, 6];

test("rankHeatmap shows a row per layer and a column per time, and writes ranks that fit", () => {
  const [trace] = rankHeatmap({ title, ranks, times }).data;
  assert.deepEqual([trace!.z, trace!.x, trace!.y], [Object.values(ranks), ["0", "3", "6"], ["W1", "W2"]]);
  assert.deepEqual(trace!.text, [
    ["784", "392", "98"],
    ["10", "10", "5"],
  ]);
  const many = Array.from({ length: 60 }, (_, i) => i);
  assert.equal(rankHeatmap({ title, ranks: { W1: many }, times: many }).data[0]!.text, undefined);
});

test("rankHeatmap with capacities colours cells by rank / capacity from 0 to 1", () => {
  const { data, layout } = rankHeatmap({ title, ranks, times, capacities: { W1: 784, W2: 10 } });
  assert.deepEqual(data[0]!.z, [
    [1, 0.5, 0.125],
    [1, 1, 0.5],
  ]);
  const { cmin, cmax } = layout.coloraxis as { cmin: number; cmax: number };
  assert.deepEqual([cmin, cmax], [0, 1]);
});

test("rankHeatmap gives uneven times equal columns and writes fractional ranks with three digits", () => {
  const uneven = { title, ranks: { "0": [1.23456, 1234.5, 0.5] }, times: [0, 1, 10_000] };
  const { data, layout } = rankHeatmap(uneven);
  assert.deepEqual(
    [layout.xaxis, layout.yaxis].map((axis) => (axis as { type: string }).type),
    ["category", "category"],
  );
  assert.deepEqual(data[0]!.text, [["1.23", "1235", "0.500"]]);
});

test("rankHeatmap rejects times that are not finite and increasing", () => {
  const at = (times: number[]) => () => rankHeatmap({ title, ranks, times });
  assert.throws(at([0, 3, 3]), /expected finite, increasing times, got 3 after 3/);
  assert.throws(at([Number.NaN, 1, 2]), /expected finite, increasing times, got NaN$/);
});

test("rankHeatmap rejects missing, ragged and negative ranks or capacities and names the layer", () => {
  assert.throws(() => rankHeatmap({ title, ranks: {}, times }), /expected layers and times, got 0 and 3/);
  assert.throws(
    () => rankHeatmap({ title, ranks: { W1: [1, 2] }, times }),
    /layer "W1" has 2 ranks, expected one for each of 3 times/,
  );
  for (const bad of [-1, Number.NaN]) {
    assert.throws(
      () => rankHeatmap({ title, ranks: { W1: [1, 2, bad] }, times }),
      /a rank of layer "W1" is (-1|NaN), expected/,
    );
  }
  assert.throws(
    () => rankHeatmap({ title, ranks, times, capacities: { W1: 784 } }),
    /the capacity of layer "W2" is undefined, expected a number in \(0, ∞\)/,
  );
});
