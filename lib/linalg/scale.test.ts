import assert from "node:assert/strict";
import { test } from "node:test";
import { allTimesPowerOfTwo, exponentOf, largestOf, timesPowerOfTwo } from "./scale";

test("exponents are even, scale the largest number into [1, 4), and are 0 for ordinary numbers", () => {
  for (const largest of [1, 1e-9, 1e9, 2 ** 30, 2 ** -30, 0, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.equal(exponentOf(largest), 0);
  }
  for (const largest of [Number.MIN_VALUE, 1e-310, 1e-154, 1e-20, 1e10, 1e154, 1e300, Number.MAX_VALUE]) {
    const exponent = exponentOf(largest);
    const mantissa = timesPowerOfTwo(largest, -exponent);
    assert.ok(Number.isInteger(exponent / 2));
    assert.ok(mantissa > 0.99 && mantissa < 4, `${largest} becomes ${mantissa}`);
    assert.equal(timesPowerOfTwo(mantissa, exponent), largest);
  }
});

test("products with powers of two are rounded once over the whole range of float64", () => {
  assert.equal(timesPowerOfTwo(1, -1074), Number.MIN_VALUE);
  assert.equal(timesPowerOfTwo(Number.MIN_VALUE, 1074), 1);
  // 1.5 + 2^-52 in units of the smallest number is above the midpoint of 1 and 2.
  assert.equal(timesPowerOfTwo(1.5 + 2 ** -52, -1074), 2 * Number.MIN_VALUE);
  assert.equal(timesPowerOfTwo(2 ** -1000, 2000), 2 ** 1000);
  assert.equal(timesPowerOfTwo(1, 2148), Number.POSITIVE_INFINITY);
  assert.equal(timesPowerOfTwo(0, 2148), 0);
  assert.deepEqual(
    allTimesPowerOfTwo(Float32Array.of(3, -1), 100),
    Float32Array.of(3 * 2 ** 100, -(2 ** 100)),
  );
});

test("the largest magnitude is NaN if a number is not finite", () => {
  assert.equal(largestOf(Float64Array.of(1, -3, 2)), 3);
  assert.equal(largestOf(new Float32Array(2)), 0);
  for (const bad of [Number.NaN, Number.NEGATIVE_INFINITY]) {
    assert.ok(Number.isNaN(largestOf(Float32Array.of(1, bad, 2))));
  }
});
