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

test("two representations of numbers written out are as alike as in NumPy", () => {
  const x = Matrix.from1DArray(
    8,
    3,
    Float64Array.from({ length: 24 }, (_, i) => Math.sin(i)),
  );
  const y = Matrix.from1DArray(
    8,
    4,
    Float64Array.from({ length: 32 }, (_, i) => Math.cos(i ** 2)),
  );
  near(linearCka(x, y), 0.3302862894970466);
  near(linearCka(y, x), 0.3302862894970466);
});

test("a representation is its own after rotating, scaling and shifting, and not after dropping half of it", () => {
  const x = normal(20, 6);
  const rotation = new QrDecomposition(normal(6, 6)).orthogonalMatrix;
  near(linearCka(x, x.mmul(rotation).mul(-3).add(7)), 1);
  assert.ok(linearCka(x, x.subMatrix(0, 19, 0, 2)) < 0.9);
});

test("other numbers of examples and constant representations are refused", () => {
  assert.throws(
    () => linearCka(normal(4, 2), normal(5, 2)),
    /as many examples in both, at least 2, got 4 and 5/,
  );
  assert.throws(() => linearCka(Matrix.ones(4, 2), normal(4, 2)), /expected examples that differ/);
});
