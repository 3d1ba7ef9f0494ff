import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "ml-matrix";
import { tf } from "../backend/tf";
import { matrixRank } from "./matrix-rank";
import { singularValues } from "./singular-values";
import { planted } from "./testing/matrices";

function assertClose(actual: ArrayLike<number>, expected: number[], tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (const [i, value] of expected.entries()) {
    assert.ok(Math.abs(actual[i]! - value) <= tolerance, `${i}: ${actual[i]} is not ${value}`);
  }
}

test("singularValues recovers a planted spectrum of tall and wide matrices in float64 and float32", () => {
  const spectrum = [5, 3, 1, 0.5, 1e-3];
  for (const [m, n] of [
    [40, 5],
    [5, 40],
    [5, 5],
  ] as const) {
    const a = planted(m, n, spectrum);
    assertClose(singularValues(a), spectrum, 1e-14);
    assertClose(singularValues(tf.tensor2d(a.to2DArray())), spectrum, 3e-6);
  }
});

test("matrixRank separates singular values 0.1 % above and below atol", () => {
  const atol = 1e-4;
  const a = planted(30, 20, [2, 1, atol * 1.001, atol * 0.999, atol * 0.999]);
  assert.equal(matrixRank(a, { atol }), 3);
});

test("matrixRank's default tolerance depends on the data type, as in NumPy", () => {
  const a = planted(50, 50, [1, 1, 1, 1e-8]);
  assert.equal(matrixRank(a), 4);
  assert.equal(matrixRank(tf.tensor2d(a.to2DArray())), 3);
});

test("matrixRank takes rtol relative to the largest singular value", () => {
  const a = planted(10, 10, [100, 10, 1]);
  assert.equal(matrixRank(a, { rtol: 0.05 }), 2);
});

test("matrixRank is 0 for a zero matrix, full for the identity and 1 for a single row", () => {
  assert.equal(matrixRank(new Matrix(4, 6)), 0);
  assert.equal(matrixRank(tf.eye(7)), 7);
  assert.equal(matrixRank(tf.ones([1, 9]) as tf.Tensor2D), 1);
});

test("matrixRank rejects NaN, an empty matrix, an invalid tolerance and two tolerances", () => {
  assert.throws(() => matrixRank(new Matrix([[1, Number.NaN]])), /expected finite numbers, got NaN/);
  assert.throws(() => matrixRank(new Matrix(3, 0)), /got an empty one, \[3, 0\]/);
  assert.throws(() => matrixRank(tf.eye(2), { atol: -1 }), /atol is -1, expected a number in \[0/);
  assert.throws(() => matrixRank(tf.eye(2), { rtol: Number.NaN }), /rtol is NaN, expected a number in \[0/);
  const both = { atol: 20, rtol: 0.05 };
  assert.throws(() => matrixRank(tf.eye(2), both), /expected one tolerance, got two, atol 20 and rtol 0.05/);
});
