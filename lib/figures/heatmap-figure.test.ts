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

test("lines lie over the cells of their panel, and those of one name have one entry in the legend", async () => {
  const z = Array.from({ length: 10 }, () => new Float64Array(6).fill(1));
  const line = { name: "rank", y: [2, 2, 2, 2, 2, 2] };
  const shown = heatmapFigure({
    title: "t",
    panels: [
      { z, lines: [line] },
      { z, x: [10, 20, 30, 40, 50, 60], lines: [line, { name: "width", x: [10, 60], y: [9, 9] }] },
    ],
  });
  const lines = shown.data.slice(2) as { name: string; x: number[]; xaxis: string; showlegend: boolean }[];
  assert.deepEqual(
    lines.map(({ name, x, xaxis, showlegend }) => ({ name, x, xaxis, showlegend })),
    [
      { name: "rank", x: [0, 1, 2, 3, 4, 5], xaxis: "x", showlegend: true },
      { name: "rank", x: [10, 20, 30, 40, 50, 60], xaxis: "x2", showlegend: false },
      { name: "width", x: [10, 60], xaxis: "x2", showlegend: true },
    ],
  );
  const picture = await pixelsOf(await shown.png());
  const red = picture.count(([r, g, b]) => r! > 180 && g! < 80 && b! < 80);
  assert.ok(red > 400, `${red} red pixels`);
  assert.match(shown.alt, /rank: 6 points/);
});

test("a line with another number of x than of y is refused", () => {
  const panels = [{ z: [[1, 2]], lines: [{ name: "rank", y: [0, 0, 0] }] }];
  assert.throws(
    () => heatmapFigure({ title: "t", panels }),
    /line "rank": expected an x for each y, got 2 for 3/,
  );
});
