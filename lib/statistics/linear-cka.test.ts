import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix, QrDecomposition } from "ml-matrix";
import { RandomState } from "../random/numpy";
import { linearCka } from "./linear-cka";

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);
const random = new RandomState(0);
const normal = (rows: number, columns: number) =>
  Matrix.from1DArray(rows, columns, random.randn(rows, columns));
const filled = (rows: number, columns: number, of: (i: number) => number) =>
  Matrix.from1DArray(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, (_, i) => of(i)),
  );

const x = filled(8, 3, Math.sin);
const y = filled(8, 4, (i) => Math.cos(i ** 2));
/** From NumPy: norm(y.T @ x) ** 2 / norm(x.T @ x) / norm(y.T @ y) after subtracting the means of the columns. */
const expected = 0.3302862894970466;

test("the similarity of two representations agrees with NumPy", () => {
  near(linearCka(x, y), expected);
  near(linearCka(y, x), expected);
});

test("the similarity is invariant under rotation, scaling and shifting, but not under dropping features", () => {
  const whole = normal(20, 6);
  const rotation = new QrDecomposition(normal(6, 6)).orthogonalMatrix;
  near(linearCka(whole, whole.mmul(rotation).mul(-3).add(7)), 1);
  assert.ok(linearCka(whole, whole.subMatrix(0, 19, 0, 2)) < 0.9);
});

test("the similarity does not depend on the scale over the whole range of float64", () => {
  for (const scale of [1e100, 1e200, 1e307, 1e-100, 1e-200, 1e-300]) {
    near(linearCka(Matrix.mul(x, scale), y), expected);
    near(linearCka(Matrix.mul(x, scale), Matrix.mul(y, -scale)), expected);
  }
});

test("the similarity does not depend on a large constant feature or a large common offset", () => {
  const withConstant = filled(8, 4, (i) => (i % 4 === 3 ? 0.1e9 : x.get(Math.floor(i / 4), i % 4)));
  near(linearCka(withConstant, y), expected);
  assert.ok(Math.abs(linearCka(Matrix.add(x, 1e6), y) - expected) < 1e-9);
});

test("the similarity never exceeds 1", () => {
  for (let trial = 0; trial < 200; trial++) {
    const some = normal(5 + (trial % 7), 3);
    const similarity = linearCka(some, Matrix.mul(some, random.randn(1)[0]!));
    assert.ok(similarity <= 1 && similarity > 1 - 1e-12, `${similarity}`);
  }
});

test("rejects representations that are constant, exactly or up to rounding, at every scale", () => {
  const equalRows = filled(7, 3, (i) => [0.1, 0.7, -1.3][i % 3]!);
  // 0.1 + 0.2 and 0.3 differ only by rounding.
  const nearlyEqualRows = filled(7, 1, (i) => (i === 2 ? 0.1 + 0.2 : 0.3));
  for (const constant of [Matrix.ones(7, 2), Matrix.zeros(7, 2), equalRows, nearlyEqualRows]) {
    for (const scale of [1, 1e100, 1e-100, 1e300, 1e-300]) {
      const scaled = Matrix.mul(constant, scale);
      assert.throws(() => linearCka(scaled, normal(7, 2)), /examples that differ, got equal rows in x/);
      assert.throws(() => linearCka(normal(7, 2), scaled), /examples that differ, got equal rows in y/);
    }
  }
});

test("rejects different numbers of examples, missing features and non-finite numbers", () => {
  assert.throws(
    () => linearCka(normal(4, 2), normal(5, 2)),
    /expected equal numbers of examples, at least 2, got 4 and 5/,
  );
  assert.throws(() => linearCka(normal(1, 2), normal(1, 2)), /at least 2, got 1 and 1/);
  assert.throws(() => linearCka(new Matrix(4, 0), normal(4, 2)), /x to hold at least 1 numbers, got 0/);
  const withNaN = normal(4, 2).set(1, 1, Number.NaN);
  assert.throws(() => linearCka(normal(4, 2), withNaN), /expected finite numbers, got y\[3\] = NaN/);
});
