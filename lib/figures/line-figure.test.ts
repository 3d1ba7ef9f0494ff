import assert from "node:assert/strict";
import { test } from "node:test";
import { lineFigure } from "./line-figure";
import type { ReferenceLine } from "./reference-line";

const axes = { title: "t", x: { label: "step" }, y: { label: "loss" } };
const layoutOf = (options: object) =>
  lineFigure({ ...axes, series: [{ name: "a", y: [1, 1e-12] }], ...options }).layout;

test("lineFigure rejects a series with arrays of different lengths, a missing right axis or an invalid band colour", () => {
  const series = (one: object) => () => lineFigure({ ...axes, series: [{ name: "a", y: [1, 2], ...one }] });
  assert.throws(series({ x: [1] }), /series "a": expected x as long as y, got 1 and 2/);
  assert.throws(
    series({ band: { lower: [1, 2], upper: [1] } }),
    /expected band.upper as long as y, got 1 and 2/,
  );
  assert.throws(series({ axis: "right" }), /expected the option yRight/);
  const band = { lower: [0, 1], upper: [2, 3] };
  assert.throws(series({ band, color: "red" }), /form #RRGGBB for a band, got "red"/);
});

test("a log axis takes its range in the data's units and rejects values that are not positive", () => {
  const layout = layoutOf({ y: { label: "loss", type: "log", range: [0.01, 100] } });
  assert.deepEqual((layout.yaxis as { range: number[] }).range, [-2, 2]);
  assert.throws(() => layoutOf({ y: { label: "loss", type: "log", range: [0, 1] } }), /positive values only/);
});

test("a log axis over many decades is labelled at no more than ten powers of ten", () => {
  const layout = layoutOf({ y: { label: "loss", type: "log" } });
  assert.equal((layout.yaxis as { dtick: number }).dtick, 2);
});

test("a log axis over less than 1.5 decades is labelled at multiples of 1, 2 and 5 if at least three fit", () => {
  const ticks = (range: [number, number]) =>
    (layoutOf({ y: { label: "loss", type: "log", range } }).yaxis as { ticktext?: string[] }).ticktext ?? [];
  const [ten, twenty] = ["10<sup>5</sup>", "2×10<sup>5</sup>"];
  assert.deepEqual(ticks([2e4, 4e5]).slice(0, 5), ["10,000", "20,000", "50,000", ten, twenty]);
  assert.deepEqual(ticks([0.002, 0.03]).slice(1, 5), ["0.002", "0.005", "0.01", "0.02"]);
  assert.deepEqual(ticks([0.25, 0.75]), []); // leaves the ticks to Plotly
});

test("the option step sets the distance of ticks on a linear axis", () => {
  const layout = layoutOf({ x: { label: "index", step: 1 } });
  assert.equal((layout.xaxis as { dtick: number }).dtick, 1);
});

test("on a log axis a reference line is placed by its value and its label by the value's exponent", () => {
  const layout = layoutOf({ y: { label: "loss", type: "log" }, references: [{ y: 100, label: "limit" }] });
  const [shape] = layout.shapes as { y0: number }[];
  const [annotation] = layout.annotations as { y: number; text: string }[];
  assert.deepEqual([shape!.y0, annotation!.y, annotation!.text], [100, 2, "limit"]);
});

test("a reference line requires exactly one of x and y", () => {
  assert.throws(() => layoutOf({ references: [{}] }), /either x or y/);
  assert.equal((layoutOf({ references: [{ y: 784, label: "784" }] }).shapes as object[]).length, 1);
});

test("rejects non-finite ranges, steps and reference lines, and a step with too many ticks", () => {
  const draw = (y: object, references: ReferenceLine[] = []) =>
    lineFigure({
      title: "t",
      x: { label: "x" },
      y: { label: "y", ...y },
      series: [{ name: "n", y: [0, 1] }],
      references,
    });
  for (const range of [[Number.NaN, 1], [0, Infinity], [0]]) {
    assert.throws(() => draw({ range }), /the range of y: expected two finite numbers, got/);
  }
  assert.throws(() => draw({ type: "log", range: [1, Infinity] }), /expected two finite numbers/);
  for (const step of [0, -1, Number.NaN, 1e-9]) {
    assert.throws(
      () => draw({ step }),
      /the step of y: expected a positive number with at most 1000 ticks from 0 to 1/,
    );
  }
  draw({ step: 0.001 });
  assert.throws(
    () => draw({}, [{ y: Number.NaN }]),
    /a reference line requires a finite number, got y = NaN/,
  );
  assert.throws(() => draw({}, [{ x: Infinity }]), /got x = Infinity/);
});

test("throws a clear error for a figure that Plotly cannot draw", async () => {
  const figure = lineFigure({
    title: "t",
    x: { label: "x" },
    y: { label: "y" },
    series: [{ name: "denormal", y: [5e-324, 1e-323] }],
  });
  await assert.rejects(figure.svg(), /Plotly cannot draw the figure: /);
});
