import assert from "node:assert/strict";
import { test } from "node:test";
import { heatmapFigure } from "./heatmap-figure";
import { extent } from "./json";
import { lineFigure } from "./line-figure";
import { rankHeatmap } from "./rank-heatmap";
import { spectrumFigure } from "./spectrum-figure";
import { summarize } from "./summary";

/** More numbers than a function accepts as arguments. */
const count = 300_000;
const values = Float64Array.from({ length: count }, (_, i) => count - i);
const axes = { x: { label: "x" }, y: { label: "y", type: "log" as const } };

test("draws a line and a band of 300,000 points", async () => {
  const figure = lineFigure({
    title: "t",
    ...axes,
    series: [{ name: "n", y: values, band: { lower: values.map((value) => value / 2), upper: values } }],
  });
  assert.match(
    summarize(figure.data, figure.layout),
    /n: 300000 points, x from 0 to 299999, y from 1 to 300000/,
  );
  assert.match(await figure.svg(), /<\/svg>\s*$/);
});

test("spectrumFigure accepts 300,000 singular values", () => {
  for (const relative of [false, true]) {
    const figure = spectrumFigure({ title: "t", spectra: { W: values }, tolerance: 0.5, relative });
    const [least, greatest] = relative ? [1 / count, 1] : [1, count];
    assert.deepEqual(extent(figure.data[0]!.y as number[]), [least, greatest]);
    assert.deepEqual((figure.layout.xaxis as { range: number[] }).range, [0.5, count + 0.5]);
  }
});

test("draws heat maps of 300,000 rows or columns", async () => {
  const tall = heatmapFigure({
    title: "t",
    panels: [{ title: "tall", z: Array.from(values, (value) => [value]) }],
  });
  assert.match(summarize(tall.data, tall.layout), /tall: 300000 × 1 values, from 1 to 300000/);
  const wide = heatmapFigure({ title: "t", panels: [{ title: "wide", z: [values] }] });
  assert.match(summarize(wide.data, wide.layout), /wide: 1 × 300000 values, from 1 to 300000/);
  assert.match(await tall.svg(), /<image /);
});

test("rankHeatmap accepts 300,000 times", () => {
  const times = values.map((_, i) => i);
  const figure = rankHeatmap({ title: "t", times, ranks: { W1: values } });
  assert.equal((figure.data[0]!.x as string[]).length, count);
});
