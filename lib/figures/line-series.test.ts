import assert from "node:assert/strict";
import { test } from "node:test";
import { lineFigure } from "./line-figure";
import type { LineSeries } from "./line-series";
import { pixelsOf } from "./testing/pixels";

const axes = { title: "t", x: { label: "step" }, y: { label: "loss" } };
const draw = (series: LineSeries[], options: object = {}) => lineFigure({ ...axes, series, ...options });
type Trace = { name?: string; x: number[]; y: (number | null)[]; showlegend: boolean; opacity?: number };
const tracesOf = (series: LineSeries[], options: object = {}) =>
  draw(series, options).data as unknown as Trace[];

test("runs are faint lines without legend entries, beneath their mean, which the legend counts", () => {
  const runs = [
    [1, 4],
    [3, 8],
  ];
  const traces = tracesOf([
    { name: "a", x: [10, 20], runs },
    { name: "b", y: [0, 0] },
  ]);
  assert.deepEqual(
    traces.map(({ name, y }) => [name, y]),
    [
      [undefined, [1, 4]],
      [undefined, [3, 8]],
      ["a, mean of 2 runs", [2, 6]],
      ["b", [0, 0]],
    ],
  );
  assert.deepEqual(
    traces.map(({ showlegend, opacity = 1 }) => [showlegend, opacity < 0.5]),
    [
      [false, true],
      [false, true],
      [true, false],
      [true, false],
    ],
  );
  assert.match(draw([{ name: "a", runs }]).alt, /^t\n {2}a, mean of 2 runs: 2 points.*$/);
});

test("the mean has a gap where a run has NaN or an infinity, and does not overflow", () => {
  const runs = [
    [1, 1, Number.NaN, 1e308],
    [3, Infinity, 5, 1.5e308],
  ];
  const mean = tracesOf([{ name: "a", runs }]).at(-1)!.y;
  assert.deepEqual(mean.slice(0, 3), [2, null, null]);
  assert.ok(Math.abs(mean[3]! / 1.25e308 - 1) < 1e-12);
});

test("one run is drawn as a plain series, with typed arrays too", () => {
  assert.deepEqual(
    tracesOf([{ name: "a", runs: [Float32Array.of(1, 2)] }]),
    tracesOf([{ name: "a", y: [1, 2] }]),
  );
  assert.equal(draw([{ name: "a", runs: [[1, 2]] }]).layout["showlegend"], false);
  assert.equal(
    draw([
      {
        name: "a",
        runs: [
          [1, 2],
          [2, 3],
        ],
      },
    ]).layout["showlegend"],
    true,
  );
});

test("rejects runs of different lengths, no run, both of y and runs, or neither", () => {
  const one = (series: object) => () => draw([{ name: "a", ...series }]);
  assert.throws(
    one({ runs: [[1, 2], [1]] }),
    /series "a": expected runs\[1\] as long as runs\[0\], got 1 and 2/,
  );
  assert.throws(one({ x: [1], runs: [[1, 2]] }), /expected x as long as runs\[0\], got 1 and 2/);
  assert.throws(one({ runs: [] }), /series "a": expected at least one run, got none/);
  assert.throws(one({ y: [1], runs: [[1]] }), /expected either y or runs, got both/);
  assert.throws(one({}), /expected either y or runs, got neither/);
});

test("strong lines lie above bands and runs: the pixel where they meet has the strong line's colour", async () => {
  const over = draw(
    [
      { name: "a", y: [1, 1], color: "#000000" },
      {
        name: "b",
        runs: [
          [1, 1],
          [1, 1],
        ],
        band: { lower: [0, 0], upper: [2, 2] },
        color: "#FF0000",
        inLegend: false,
        lines: false,
      },
    ],
    { legend: "none" },
  );
  const picture = await pixelsOf(await over.png());
  const black = picture.count(([r, g, b]) => r + g + b < 30);
  assert.ok(black > 1000, `${black} black pixels`);
});

test("a band has a polygon for each stretch without a gap", () => {
  const lower = [0, 0, Number.NaN, 0, 0];
  const [band] = tracesOf([
    { name: "a", y: [1, 1, 1, 1, 1], band: { lower, upper: [2, 2, 2, Infinity, 3] } },
  ]);
  assert.deepEqual(band!.x, [0, 1, 1, 0, null, 4, 4]);
  assert.deepEqual(band!.y, [0, 0, 2, 2, null, 0, 3]);
});

test("a band that reaches 0 on a log axis is drawn to the lower end of the axis, and not where it is all below 0", () => {
  const band = { lower: [0.1, 0, -5, -2], upper: [10, 10, 10, -1] };
  const series = [{ name: "a", y: [1, 1, 1, 1], band }];
  const fitted = draw(series, { y: { label: "loss", type: "log" } });
  const [bottom, top] = (fitted.layout["yaxis"] as { range: number[] }).range;
  assert.ok(bottom! < -1 && bottom! > -1.5 && top! > 1, `10^${bottom} to 10^${top}`);
  const edges = (fitted.data[0] as unknown as Trace).y.slice(0, 3) as number[];
  assert.equal(edges[0], 0.1);
  for (const edge of edges.slice(1)) assert.ok(Math.abs(Math.log10(edge) - bottom!) < 1e-9);
  assert.deepEqual((fitted.data[0] as unknown as Trace).x, [0, 1, 2, 2, 1, 0]);
  const given = draw(series, { y: { label: "loss", type: "log", range: [0.01, 100] } });
  assert.deepEqual((given.data[0] as unknown as Trace).y.slice(0, 3), [0.1, 0.01, 0.01]);
  const linear = draw(series);
  assert.deepEqual((linear.data[0] as unknown as Trace).y.slice(0, 4), [0.1, 0, -5, -2]);
});

test("the legend states each meaning of bands once, in grey if bands of several colours share it", () => {
  const band = { lower: [0, 0], upper: [2, 2], meaning: "± 1 < s.d. of <i>n</i>" };
  const entries = (series: LineSeries[]) =>
    tracesOf(series)
      .filter(({ name }) => name === band.meaning)
      .map((trace) => (trace as unknown as { fillcolor: string }).fillcolor);
  const a = { name: "a", y: [1, 1], band };
  assert.deepEqual(entries([a]), ["#0072B233"]);
  assert.deepEqual(entries([a, { ...a, name: "b" }]), ["#66666633"]);
  assert.match(draw([a]).alt, /\n {2}shaded area: ± 1 < s\.d\. of n$/);
});

test("the picture of a band with a meaning shows it in the legend", async () => {
  const { JSDOM } = require("jsdom");
  const band = { lower: [0, 0], upper: [2, 2], meaning: "least & greatest" };
  const svg = await draw([{ name: "a", y: [1, 1], band }]).svg();
  const { document } = new JSDOM(svg, { contentType: "image/svg+xml" }).window;
  const texts = [...document.querySelectorAll(".legendtext")] as { textContent: string }[];
  assert.deepEqual(
    texts.map(({ textContent }) => textContent),
    ["a", "least & greatest"],
  );
  assert.equal(document.querySelectorAll(".legendfill path").length > 0, true);
});
