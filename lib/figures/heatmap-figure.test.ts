import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "ml-matrix";
import { heatmapFigure } from "./heatmap-figure";
import { pixelsOf } from "./testing/pixels";

test("panels share one colour scale, row 0 is at the top, and cells have the colours of their values", async () => {
  const figure = heatmapFigure({
    title: "t",
    panels: [{ z: [[-1, 1]] }, { z: new Matrix([[0], [0.5]]) }],
    symmetric: true,
  });
  const { cmin, cmax } = figure.layout.coloraxis as { cmin: number; cmax: number };
  assert.deepEqual([cmin, cmax], [-1, 1]);
  const picture = await pixelsOf(await figure.png());
  const near = (color: number[]) =>
    picture.count((pixel) => pixel.every((value, i) => Math.abs(value - color[i]!) <= 2));
  const [blue, red, half] = [near([0x05, 0x30, 0x61]), near([0x67, 0x00, 0x1f]), near([0xe5, 0x83, 0x68])];
  assert.ok(blue > 50_000 && red > 50_000 && half > 50_000, `${blue}, ${red}, ${half} pixels`);
  const isRed = ([r, g, b]: number[]) => r! > 150 && b! < 140 && g! < 160;
  const column = Math.round(picture.width * 0.75);
  assert.ok(!isRed(picture.at(column, Math.round(picture.height * 0.3))));
  assert.ok(isRed(picture.at(column, Math.round(picture.height * 0.7))));
});

test("column and row names that consist of digits are treated as names, with cells of equal size", () => {
  const { layout } = heatmapFigure({
    title: "t",
    panels: [{ z: [[1, 2, 3]], x: ["0", "1", "100"], y: [7], xTicks: 2 }],
  });
  const typeOf = (axis: unknown) => (axis as { type?: string }).type;
  assert.deepEqual([typeOf(layout.xaxis), typeOf(layout.yaxis)], ["category", undefined]);
  assert.equal((layout.xaxis as { nticks: number }).nticks, 2);
});

test("heatmapFigure rejects missing panels, empty or ragged matrices, and an asymmetric range", () => {
  const panels = [{ z: [[1, 2], [3]] }];
  assert.throws(() => heatmapFigure({ title: "t", panels: [] }), /at least one panel/);
  assert.throws(
    () => heatmapFigure({ title: "t", panels: [{ z: [] }] }),
    /expected a matrix with values, got 0 × 0/,
  );
  assert.throws(() => heatmapFigure({ title: "t", panels }), /rows of one length, got 2 and 1/);
  assert.throws(
    () => heatmapFigure({ title: "t", panels: [{ z: [[1, 2]], x: [0, 5] }], aspect: "equal" }),
    /aspect "equal" expects panels without x and y/,
  );
  assert.throws(
    () => heatmapFigure({ title: "t", panels: [{ z: [[1, 2]], x: [0] }] }),
    /an x for each column/,
  );
  const lopsided = {
    title: "t",
    panels: [{ z: [[1]] }],
    symmetric: true,
    range: [-1, 2] as [number, number],
  };
  assert.throws(() => heatmapFigure(lopsided), /expect a range \[−a, a\]/);
});

test("rejects a range that is not finite and increasing", () => {
  for (const range of [
    [-Infinity, Infinity],
    [Number.NaN, 1],
  ] as [number, number][]) {
    assert.throws(() => heatmapFigure({ title: "t", panels: [{ z: [[1]] }], range }), /both finite, got/);
  }
});
