import assert from "node:assert/strict";
import { test } from "node:test";
import { lineFigure } from "./line-figure";

const axes = { title: "t", x: { label: "step" }, y: { label: "loss" } };
const layoutOf = (options: object) =>
  lineFigure({ ...axes, series: [{ name: "a", y: [1, 1e-12] }], ...options }).layout;

test("lineFigure refuses a series whose x or band is not as long as its y", () => {
  const series = (one: object) => () => lineFigure({ ...axes, series: [{ name: "a", y: [1, 2], ...one }] });
  assert.throws(series({ x: [1] }), /series "a": expected x as long as y, got 1 and 2/);
  assert.throws(
    series({ band: { lower: [1, 2], upper: [1] } }),
    /expected band.upper as long as y, got 1 and 2/,
  );
  assert.throws(series({ axis: "right" }), /expected the option yRight/);
});

test("a log axis takes its range in the data's units and refuses what it cannot show", () => {
  const layout = layoutOf({ y: { label: "loss", type: "log", range: [0.01, 100] } });
  assert.deepEqual((layout.yaxis as { range: number[] }).range, [-2, 2]);
  assert.throws(() => layoutOf({ y: { label: "loss", type: "log", range: [0, 1] } }), /positive values only/);
});

test("a log axis over many decades is labelled at powers of ten, ten at most", () => {
  const layout = layoutOf({ y: { label: "loss", type: "log" } });
  assert.equal((layout.yaxis as { dtick: number }).dtick, 2);
});

test("a reference line takes exactly one of x and y", () => {
  assert.throws(() => layoutOf({ references: [{}] }), /either x or y/);
  assert.equal((layoutOf({ references: [{ y: 784, label: "784" }] }).shapes as object[]).length, 1);
});
