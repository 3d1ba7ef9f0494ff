import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "ml-matrix";
import { normal, orthonormal, planted } from "../rank/testing/matrices";
import { svdInJavaScript } from "./javascript-svd";
import { fromMatrix, toMatrix } from "./operand";

function assertDecomposes(a: Matrix, expected: number[]): void {
  const [s, u, v] = svdInJavaScript(fromMatrix(a), true);
  const values = [...s!.values];
  const scale = expected[0]! || 1;
  assert.equal(values.length, Math.min(a.rows, a.columns));
  for (const [i, value] of values.entries()) {
    const error = Math.abs(value - (expected[i] ?? 0));
    assert.ok(error <= 1e-14 * scale, `σ${i + 1} is ${value}, expected ${expected[i] ?? 0}`);
  }
  const [U, V] = [toMatrix(u!), toMatrix(v!)];
  const difference = (x: Matrix, y: Matrix) => Matrix.sub(x, y).abs().max();
  assert.ok(difference(U.mmul(Matrix.diag(values)).mmul(V.transpose()), a) <= 1e-13 * scale);
  for (const q of [U, V]) assert.ok(difference(q.transpose().mmul(q), Matrix.eye(q.columns)) <= 1e-13);
  const [alone] = svdInJavaScript(fromMatrix(a), false);
  for (const [i, value] of alone!.values.entries()) {
    assert.ok(Math.abs(value - values[i]!) <= 1e-14 * scale);
  }
}

test("singular values agree with NumPy", () => {
  // numpy.linalg.svd(numpy.random.RandomState(11).randn(5, 3), compute_uv=False)
  const expected = [3.4760856667190585, 1.5508486648344348, 1.112790994135253];
  assertDecomposes(normal(5, 3, 11), expected);
  assertDecomposes(normal(5, 3, 11).transpose(), expected);
});

const list = (length: number, value: (i: number) => number) => Array.from({ length }, (_, i) => value(i));

for (const [name, values] of [
  ["equal", list(40, () => 2)],
  ["in clusters", list(40, (i) => 1 - 0.3 * Math.floor(i / 14))],
  ["of two levels", list(40, (i) => (i === 0 ? 1 : 1 - 1e-7))],
  ["graded by 20 decades", list(40, (i) => 10 ** (-i / 2))],
  ["zero from the sixth on", list(40, (i) => (i < 5 ? 1 - i / 10 : 0))],
] as const) {
  test(`planted singular values ${name} are recovered from tall, wide and square matrices`, () => {
    for (const [m, n] of [
      [90, 40],
      [40, 55],
      [40, 40],
    ] as const) {
      assertDecomposes(planted(m, n, [...values]), [...values]);
    }
  });
}

test("decomposes matrices with zeros on the bidiagonal form's diagonal, orthogonal, zero and single-row matrices", () => {
  const shift = new Matrix(9, 9);
  for (let i = 0; i < 8; i++) shift.set(i, i + 1, 1 + i);
  assertDecomposes(shift, [8, 7, 6, 5, 4, 3, 2, 1]);
  for (const zero of [0, 4, 8]) {
    const bidiagonal = Matrix.eye(9);
    for (let i = 0; i < 8; i++) bidiagonal.set(i, i + 1, 1);
    bidiagonal.set(zero, zero, 0);
    const [s] = svdInJavaScript(fromMatrix(bidiagonal), false);
    const squares = bidiagonal.transpose().mmul(bidiagonal);
    const total = [...s!.values].reduce((sum, value) => sum + value ** 2, 0);
    assert.ok(Math.abs(total - squares.trace()) < 1e-13 && s!.values[8]! < 1e-14);
    assertDecomposes(bidiagonal, [...s!.values]);
  }
  assertDecomposes(orthonormal(70, 70), Array(70).fill(1));
  assertDecomposes(Matrix.eye(5).mul(-1), Array(5).fill(1));
  assertDecomposes(new Matrix(4, 6), [0]);
  assertDecomposes(new Matrix([[3, 4]]), [5]);
  assertDecomposes(new Matrix([[-2]]), [2]);
});
