import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "ml-matrix";
import { matmul } from "./linear-network-matmul";

test("matmul agrees with ml-matrix on odd and even shapes, one and none among them", () => {
  for (const [rows, inner, columns] of [
    [4, 6, 2],
    [5, 3, 7],
    [1, 9, 1],
    [2, 0, 3],
    [0, 2, 2],
  ] as const) {
    const [a, b] = [Matrix.random(rows, inner), Matrix.random(inner, columns)];
    const difference = matmul(a, b).sub(a.mmul(b));
    assert.deepEqual([difference.rows, difference.columns], [rows, columns]);
    assert.ok(difference.to1DArray().every((entry) => Math.abs(entry) < 1e-14));
  }
});

test("matmul refuses shapes that do not fit", () => {
  assert.throws(() => matmul(Matrix.ones(2, 3), Matrix.ones(2, 3)), /Cannot multiply \[2, 3\] by \[2, 3\]/);
});
