import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "ml-matrix";
import { RandomState } from "../random/numpy";
import { lowerTriangularInverse } from "./triangular-inverse";

test("the inverse times the lower triangle is the identity, and the inverse is lower triangular", () => {
  const full = Matrix.from1DArray(20, 20, new RandomState(1).randn(20, 20)).add(Matrix.eye(20).mul(6));
  const lower = Matrix.zeros(20, 20);
  for (let i = 0; i < 20; i++) for (let j = 0; j <= i; j++) lower.set(i, j, full.get(i, j));
  const inverse = lowerTriangularInverse(full);
  const difference = Matrix.sub(inverse.mmul(lower), Matrix.eye(20)).abs().max();
  assert.ok(difference < 1e-13, `differs by ${difference}`);
  for (let i = 0; i < 20; i++) for (let j = i + 1; j < 20; j++) assert.equal(inverse.get(i, j), 0);
});
