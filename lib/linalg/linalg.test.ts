import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix, MatrixTransposeView } from "ml-matrix";
import { backend, nativeBinding } from "../backend/backend";
import { tf } from "../backend/tf";
import { RandomState } from "../random/numpy";
import { cholesky } from "./cholesky";
import { eigh, eigvalsh } from "./eigh";
import { matmul } from "./matmul";
import { nativeOp, onNative } from "./native-op";
import type { Operand } from "./operand";
import { qr } from "./qr";
import { svd } from "./svd";

const random = new RandomState(0);
const normal = (rows: number, columns: number) =>
  Matrix.from1DArray(rows, columns, random.randn(rows, columns));
const tensorOf = (matrix: Matrix) => tf.tensor2d(matrix.to2DArray());
const matrixOf = (a: Operand) =>
  a instanceof tf.Tensor ? new Matrix((a as tf.Tensor2D).arraySync()) : (a as Matrix);
const identity = (n: number) => Matrix.eye(n);

function assertClose(actual: Operand, expected: Operand, tolerance: number): void {
  const [a, b] = [matrixOf(actual), matrixOf(expected)];
  assert.deepEqual([a.rows, a.columns], [b.rows, b.columns]);
  const difference = Matrix.sub(a, b).abs().max();
  assert.ok(difference <= tolerance, `differs by ${difference}`);
}

const kinds: [string, (matrix: Matrix) => Operand, number][] = [
  ["float64", (matrix) => matrix, 1e-13],
  ["float32", tensorOf, 2e-5],
];

/** The running backend, and the cpu backend without TensorFlow. */
const engines = [...new Set([backend().name, "cpu"])];
const on = (engine: string, work: () => void) => async () => {
  await tf.setBackend(engine);
  work();
};

for (const [engine, name, of, tolerance] of engines.flatMap((engine) =>
  kinds.map((kind) => [engine, ...kind] as const),
)) {
  test(
    `${engine}, ${name}: the factors of svd are orthonormal and reproduce tall and wide matrices`,
    on(engine, () => {
      for (const [m, n] of [
        [30, 12],
        [12, 30],
        [7, 7],
        [1, 5],
      ] as const) {
        const a = normal(m, n);
        const { u, s, v } = svd(of(a));
        const [U, V] = [matrixOf(u), matrixOf(v)];
        assertClose(U.mmul(Matrix.diag([...s])).mmul(V.transpose()), a, 20 * tolerance);
        assertClose(U.transpose().mmul(U), identity(Math.min(m, n)), tolerance);
        assertClose(V.transpose().mmul(V), identity(Math.min(m, n)), tolerance);
        assert.deepEqual(
          [...s].sort((x, y) => y - x),
          [...s],
        );
      }
    }),
  );

  test(
    `${engine}, ${name}: the factors of qr are orthonormal and triangular and reproduce the matrix`,
    on(engine, () => {
      const a = normal(40, 15);
      const { q, r } = qr(of(a));
      const [Q, R] = [matrixOf(q), matrixOf(r)];
      assertClose(Q.mmul(R), a, 20 * tolerance);
      assertClose(Q.transpose().mmul(Q), identity(15), tolerance);
      for (let i = 0; i < 15; i++) for (let j = 0; j < i; j++) assert.equal(R.get(i, j), 0);
    }),
  );

  test(
    `${engine}, ${name}: eigh diagonalizes the symmetric matrix of the lower triangle`,
    on(engine, () => {
      const half = normal(20, 20);
      const a = Matrix.add(half, half.transpose());
      const spoiled = a.clone();
      spoiled.set(0, 19, 100);
      const { values, vectors } = eigh(of(spoiled));
      const V = matrixOf(vectors);
      assertClose(V.mmul(Matrix.diag([...values])).mmul(V.transpose()), a, 30 * tolerance);
      assert.deepEqual(
        [...values].sort((x, y) => x - y),
        [...values],
      );
      assertClose(new Matrix([[...eigvalsh(of(a))]]), new Matrix([[...values]]), 30 * tolerance);
    }),
  );

  test(
    `${engine}, ${name}: cholesky's factor reproduces the matrix, and an indefinite matrix is rejected`,
    on(engine, () => {
      const half = normal(20, 30);
      const a = half.mmul(half.transpose());
      const L = matrixOf(cholesky(of(a)));
      assertClose(L.mmul(L.transpose()), a, 100 * tolerance);
      assert.throws(() => cholesky(of(identity(3).mul(-1))), /expected a positive definite matrix/);
    }),
  );
}

test("errors about invalid shapes and non-finite numbers say what was received", () => {
  assert.throws(() => matmul(normal(2, 3), normal(2, 3)), /\[2, 3\] and \[2, 3\] differ: 3 and 2/);
  const { rows, columns } = matmul(new Matrix(2, 0), new Matrix(0, 3));
  assert.deepEqual([rows, columns], [2, 3]);
  assert.throws(() => qr(normal(2, 3)), /expected at least as many rows as columns, got \[2, 3\]/);
  assert.throws(() => eigh(normal(2, 3)), /expected a square matrix, got \[2, 3\]/);
  assert.throws(() => svd(tf.tensor2d([[1, Number.NaN]])), /expected finite numbers, got NaN at \[0, 1\]/);
  assert.throws(() => svd(Matrix.zeros(0, 3)), /got an empty one, \[0, 3\]/);
  assert.throws(() => svd(tf.tensor2d([[1, 2]], [1, 2], "int32")), /got a int32 tensor \[1, 2\]/);
  assert.throws(() => svd([[1, 2]] as never), /expected a float32 tensor of two dimensions or a Matrix/);
});

// numpy.linalg.svd of the 8×8 Hilbert matrix.
const hilbertSingularValues = [
  1.6959389969219496, 0.29812521131693065, 0.02621284357811905, 0.0014676881177418427, 5.4369433697499775e-5,
  1.2943320918688685e-6, 1.7988737459490703e-8, 1.1115389812040764e-10,
];

for (const engine of engines) {
  test(
    `${engine}: the singular values of the Hilbert matrix agree with NumPy`,
    on(engine, () => {
      const entries = Float64Array.from({ length: 64 }, (_, k) => 1 / (Math.floor(k / 8) + (k % 8) + 1));
      const { s } = svd(Matrix.from1DArray(8, 8, entries));
      for (const [i, expected] of hilbertSingularValues.entries()) {
        assert.ok(Math.abs(s[i]! - expected) < 1e-15, `${s[i]}`);
      }
    }),
  );

  test(
    `${engine}: matmul agrees with ml-matrix in every combination of transpositions`,
    on(engine, () => {
      // TensorFlow, if it runs, computes the largest product; odd and even numbers of rows take different paths.
      for (const [m, k, n] of [
        [5, 7, 4],
        [4, 6, 3],
        [1, 9, 1],
        [301, 200, 100],
      ] as const) {
        const [a, b] = [normal(m, k), normal(k, n)];
        const tolerance = 1e-13 * Math.max(1, k / 10);
        for (const transposeA of [false, true]) {
          for (const transposeB of [false, true]) {
            const product = matmul(transposeA ? a.transpose() : a, transposeB ? b.transpose() : b, {
              transposeA,
              transposeB,
            });
            assertClose(product, a.mmul(b), tolerance);
          }
        }
        const viewOfA = new MatrixTransposeView(a.transpose()) as unknown as Matrix;
        assertClose(matmul(viewOfA, b), a.mmul(b), tolerance);
      }
    }),
  );

  test(
    `${engine}: native operations leak no tensor`,
    on(engine, () => {
      const tensors = () => nativeBinding()?.getNumOfTensors();
      const before = tensors();
      const a = normal(10, 10);
      svd(a);
      const large = normal(200, 200);
      matmul(large, large);
      assert.equal(tensors(), before);
    }),
  );
}

test("operations that fail leak no tensor", { skip: backend().name !== "tensorflow" }, async () => {
  await tf.setBackend("tensorflow");
  const tensors = () => nativeBinding()!.getNumOfTensors();
  const a = { rows: 3, columns: 3, values: new Float64Array(9).fill(1) };
  const before = tensors();
  assert.throws(() =>
    onNative((native) => {
      const held = native.send(a);
      native.cholesky(held);
      // The inner dimensions differ.
      native.run("MatMul", [held, native.slice(held, [0, 0], [2, 2])]);
    }),
  );
  assert.throws(() => nativeOp("MatMul", [a, { ...a, rows: 1, columns: 9 }], 1));
  assert.throws(() => cholesky(identity(70).mul(-1)));
  assert.equal(tensors(), before);
});
