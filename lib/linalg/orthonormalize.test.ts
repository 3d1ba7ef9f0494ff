import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "ml-matrix";
import { tf } from "../backend/tf";
import { RandomState } from "../random/numpy";
import reference from "./fixtures/orthonormalize.json";
import { matmul } from "./matmul";
import { orthonormalize, orthonormalizeBlocks } from "./orthonormalize";

const normal = (seed: number, rows: number, columns: number) =>
  Matrix.from1DArray(rows, columns, new RandomState(seed).randn(rows, columns));
const tensorOf = (matrix: Matrix) => tf.tensor2d(matrix.to1DArray(), [matrix.rows, matrix.columns]);
const matrixOf = (tensor: tf.Tensor2D) => Matrix.from1DArray(...tensor.shape, [...tensor.dataSync()]);

/** Asserts orthonormality, with products in float64. */
function assertOrthonormal(q: Matrix): void {
  const products = matmul(q, q, { transposeA: true });
  const deviation = Matrix.sub(products, Matrix.eye(q.columns)).abs().max();
  assert.ok(deviation <= 1e-6, `products are ${deviation} off`);
}

/** The entries of r = qᵀa below the diagonal, divided by the lengths of the columns of `a`. */
function belowDiagonal(q: Matrix, a: Matrix): number[] {
  const r = matmul(q, a, { transposeA: true });
  const length = (j: number) => a.getColumnVector(j).norm();
  return r.to2DArray().flatMap((row, i) => row.slice(0, i).map((entry, j) => Math.abs(entry) / length(j)));
}

test("the columns agree with NumPy's QR up to signs, and r has a positive diagonal", () => {
  const q = matrixOf(orthonormalize(tensorOf(normal(7, 12, 4))));
  const difference = Matrix.sub(q, new Matrix(reference.q)).abs().max();
  assert.ok(difference < 1e-6, `differs by ${difference}`);
});

for (const [what, rows, columns] of [
  ["a column", 5, 1],
  ["a square matrix", 40, 40],
  ["several blocks of rows", 9000, 30],
] as const) {
  test(`${what}: columns are orthonormal to 1e-6 and lie in the span of the matrix's leading columns`, () => {
    const a = normal(1, rows, columns);
    const q = matrixOf(orthonormalize(tensorOf(a)));
    assertOrthonormal(q);
    assert.ok(belowDiagonal(q, a).every((entry) => entry < 1e-5));
  });
}

test("blocks of rows yield the blocks of the same basis and are disposed of", () => {
  const a = tensorOf(normal(3, 50, 6));
  const whole = matrixOf(orthonormalize(a));
  const blocks = tf.split<tf.Tensor2D>(a, [20, 29, 1]);
  const basis = orthonormalizeBlocks(blocks);
  assert.deepEqual(
    basis.map(({ shape }) => shape[0]),
    [20, 29, 1],
  );
  assert.ok(blocks.every(({ isDisposed }) => isDisposed));
  const difference = Matrix.sub(matrixOf(tf.concat2d(basis, 0)), whole)
    .abs()
    .max();
  assert.ok(difference < 1e-6, `differs by ${difference}`);
});

test("columns of lengths from 1e-6 to 1e6 become orthonormal, and the first keeps its direction", () => {
  const a = normal(2, 3000, 13);
  for (let j = 0; j < 13; j++)
    a.setColumn(
      j,
      a.getColumn(j).map((entry) => entry * 10 ** (j - 6)),
    );
  const q = matrixOf(orthonormalize(tensorOf(a)));
  assertOrthonormal(q);
  const first = a.getColumnVector(0);
  const difference = Matrix.sub(q.getColumnVector(0), first.div(first.norm())).abs().max();
  assert.ok(difference < 1e-8, `differs by ${difference}`);
});

test("a Vandermonde matrix with a condition number of over a million becomes orthonormal", () => {
  const powers = Matrix.zeros(2000, 10);
  for (let i = 0; i < 2000; i++) for (let j = 0; j < 10; j++) powers.set(i, j, (i / 2000) ** j);
  assertOrthonormal(matrixOf(orthonormalize(tensorOf(powers))));
});

test("orthonormal columns are unchanged", () => {
  const q = orthonormalize(tensorOf(normal(3, 500, 5)));
  assert.deepEqual(orthonormalize(q).dataSync(), q.dataSync());
});

test("rejects dependent, zero and infinite columns and wide matrices without leaking tensors", () => {
  const three = normal(4, 500, 3);
  const sum = Matrix.add(three.getColumnVector(0), three.getColumnVector(2));
  const dependent = tensorOf(three.clone().addColumn(sum));
  const zero = tensorOf(three.clone().addColumn(Matrix.zeros(500, 1)));
  const infinite = tensorOf(three.clone().set(7, 1, Number.POSITIVE_INFINITY));
  const before = tf.memory().numTensors;
  for (const refused of [dependent, zero]) {
    const blocks = tf.split<tf.Tensor2D>(refused, [200, 300]);
    assert.throws(() => orthonormalizeBlocks(blocks), /^RangeError: orthonormalize/);
    assert.ok(blocks.every(({ isDisposed }) => isDisposed));
  }
  assert.throws(
    () => orthonormalize(dependent),
    /independent columns, got column 3 at a distance of .* of its length/,
  );
  assert.throws(() => orthonormalize(zero), /not all zero, got column 3 of length 0$/);
  assert.throws(
    () => orthonormalize(infinite),
    /expected columns of finite numbers .*, got column 1 of length Infinity$/,
  );
  assert.throws(() => orthonormalize(tf.ones([2, 3])), /as many rows as columns, got float32 \[2, 3\]/);
  assert.equal(tf.memory().numTensors, before + 1);
});
