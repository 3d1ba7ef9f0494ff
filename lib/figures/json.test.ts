import assert from "node:assert/strict";
import { test } from "node:test";
import { extent, plainJson, roundArrays } from "./json";

test("plainJson turns typed arrays into arrays and non-finite numbers into null", () => {
  const value = { x: Float32Array.of(0.5, Number.POSITIVE_INFINITY), y: [Number.NaN, 1], z: undefined };
  assert.deepEqual(plainJson(value), { x: [0.5, null], y: [null, 1] });
  assert.throws(() => plainJson({ big: 1n }), TypeError);
});

test("roundArrays keeps integers, six digits, and as many more as distinguish close values", () => {
  assert.deepEqual(roundArrays([1 / 3, 123456789, null]), [0.333333, 123456789, null]);
  assert.deepEqual(roundArrays([1.398475091, 1.398475092]), [1.398475091, 1.398475092]);
  assert.deepEqual(roundArrays({ width: 1 / 3 }), { width: 1 / 3 });
});

test("extent returns the least and greatest finite numbers, or undefined if there are none", () => {
  assert.deepEqual(extent([3, null, Number.NaN, -1]), [-1, 3]);
  assert.equal(extent([null]), undefined);
});

test("a curve whose range is far smaller than its values keeps its shape", () => {
  const values = Array.from({ length: 50 }, (_, i) => 1.3984750918 + 1e-9 * Math.sin(i));
  const rounded = roundArrays(values) as number[];
  const [least, greatest] = extent(values)!;
  const errors = rounded.map((value, i) => Math.abs(value - values[i]!));
  assert.ok(Math.max(...errors) <= 2e-5 * (greatest - least));
});
