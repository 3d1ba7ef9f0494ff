import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "ml-matrix";
import { finiteDifferences, relativeError } from "./finite-differences";

test("finiteDifferences is exact for a quadratic form and restores the weights", () => {
  const w = new Matrix([[1, -2, 0.5]]);
  const A = new Matrix([
    [2, 1, 0],
    [1, 3, -1],
    [0, -1, 4],
  ]);
  const gradient = finiteDifferences(() => w.mmul(A).mmul(w.transpose()).get(0, 0), w);
  assert.ok(relativeError(gradient, w.mmul(A).mul(2)) < 1e-11);
  assert.deepEqual(w.to2DArray(), [[1, -2, 0.5]]);
});

test("finiteDifferences has an error of h² for a cubic function", () => {
  const w = new Matrix([[2]]);
  const error = finiteDifferences(() => w.get(0, 0) ** 3, w, { h: 0.1 }).get(0, 0) - 12;
  assert.ok(Math.abs(error - 0.01) < 1e-10);
});

test("relativeError divides the largest difference by the largest entry of the reference", () => {
  assert.equal(relativeError(new Matrix([[1, 4]]), new Matrix([[2, -8]])), 12 / 8);
});
