import assert from "node:assert/strict";
import { test } from "node:test";
import { rankHeatmap } from "./rank-heatmap";

const title = "t";
const ranks = { W1: [784, 392, 98], W2: [10, 10, 5] };
const times = [0, 3, 6];

test("rankHeatmap has layers down and times across, and writes ranks where there is room", () => {
  const [trace] = rankHeatmap({ title, ranks, times }).data;
  assert.deepEqual([trace!.z, trace!.x, trace!.y], [Object.values(ranks), ["0", "3", "6"], ["W1", "W2"]]);
  assert.deepEqual(trace!.text, [
    ["784", "392", "98"],
    ["10", "10", "5"],
  ]);
  const many = Array.from({ length: 60 }, (_, i) => i);
  assert.equal(rankHeatmap({ title, ranks: { W1: many }, times: many }).data[0]!.text, undefined);
});

test("rankHeatmap with capacities colours by their share, from 0 to 1", () => {
  const { data, layout } = rankHeatmap({ title, ranks, times, capacities: { W1: 784, W2: 10 } });
  assert.deepEqual(data[0]!.z, [
    [1, 0.5, 0.125],
    [1, 1, 0.5],
  ]);
  const { cmin, cmax } = layout.coloraxis as { cmin: number; cmax: number };
  assert.deepEqual([cmin, cmax], [0, 1]);
});

test("rankHeatmap refuses ragged, negative and missing numbers by the layer's name", () => {
  assert.throws(() => rankHeatmap({ title, ranks: {}, times }), /expected layers and times, got 0 and 3/);
  assert.throws(
    () => rankHeatmap({ title, ranks: { W1: [1, 2] }, times }),
    /layer "W1" has 2 ranks, expected one for each of 3 times/,
  );
  for (const bad of [-1, Number.NaN]) {
    assert.throws(() => rankHeatmap({ title, ranks: { W1: [1, 2, bad] }, times }), /layer "W1" has the rank/);
  }
  assert.throws(
    () => rankHeatmap({ title, ranks, times, capacities: { W1: 784 } }),
    /expected a positive capacity for layer "W2", got undefined/,
  );
});
