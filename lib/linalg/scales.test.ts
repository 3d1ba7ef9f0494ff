import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "ml-matrix";
import { backend } from "../backend/backend";
import { tf } from "../backend/tf";
import { convolutionSpectrum } from "../rank/convolution-spectrum";
import { effectiveRank } from "../rank/effective-rank";
import { energyRank } from "../rank/energy-rank";
import { matrixRank } from "../rank/matrix-rank";
import { normalizedRank } from "../rank/normalized-rank";
import { nuclearRank } from "../rank/nuclear-rank";
import { participationRatio } from "../rank/participation-ratio";
import { singularValues } from "../rank/singular-values";
import { spectralNorm } from "../rank/spectral-norm";
import { spectrum } from "../rank/spectrum";
import { stableRank } from "../rank/stable-rank";
import { normal } from "../rank/testing/matrices";
import { cholesky } from "./cholesky";
import { eigh, eigvalsh } from "./eigh";
import { matmul } from "./matmul";
import type { Operand } from "./operand";
import { orthonormalize } from "./orthonormalize";
import { qr } from "./qr";
import { timesPowerOfTwo } from "./scale";
import { svd } from "./svd";

/** The running backend, and the cpu backend without TensorFlow. */
const engines = [...new Set([backend().name, "cpu"])];
const on = (engine: string, work: () => void) => async () => {
  await tf.setBackend(engine);
  work();
};

// Powers of two near 1e19, 1e±30 and 1e±37 in float32, and 1e±154, 1e±200 and 1e±300 in float64. A matrix multiplied by
// one of them is exact or, if its entries become subnormal, within the tolerances of these tests.
const kinds = [
  { dtype: "float32", scales: [63, -63, 100, -100, 122, -122], subnormal: -135, error: 1e-4, epsilon: 1e-5 },
  {
    dtype: "float64",
    scales: [511, -511, 665, -665, 997, -997, 1018],
    subnormal: -1035,
    error: 1e-10,
    epsilon: 1e-13,
  },
] as const;

type Kind = (typeof kinds)[number];

const values = (a: Operand) =>
  Float64Array.from(a instanceof tf.Tensor ? (a.dataSync() as Float32Array) : a.to1DArray());

/** A matrix multiplied by 2^exponent in JavaScript, since TensorFlow would flush subnormal numbers to zero. */
function scaledTo(a: Matrix, exponent: number, { dtype }: Kind): Operand {
  const numbers = Float64Array.from(a.to1DArray(), (value) => timesPowerOfTwo(value, exponent));
  if (dtype === "float64") return Matrix.from1DArray(a.rows, a.columns, numbers);
  return tf.tensor2d(new Float32Array(numbers), [a.rows, a.columns]);
}

/** A result divided by 2^exponent. */
function back(result: Operand, exponent: number): Matrix {
  const [rows, columns] = result instanceof tf.Tensor ? result.shape : [result.rows, result.columns];
  const numbers = values(result).map((value) => timesPowerOfTwo(value, -exponent));
  return Matrix.from1DArray(rows!, columns!, numbers);
}

function assertClose(actual: Matrix, expected: Matrix, tolerance: number, what: string): void {
  const difference = Matrix.sub(actual, expected).norm() / expected.norm();
  assert.ok(difference <= tolerance, `${what}: ${difference} off`);
}

const row = (list: ArrayLike<number>) => new Matrix([Array.from(list)]);

const tall = normal(80, 70, 9);
// numpy.linalg.svd(numpy.random.RandomState(9).randn(80, 70), compute_uv=False)
const [largest, least] = [16.86703483, 0.7626394199930119];
const reference = spectrum(tall);
const ranks = { 0.5: 31, 0.1: 66 };
const half = normal(6, 6, 12);
const symmetric = Matrix.add(half, half.transpose());
// numpy.linalg.eigvalsh of it
const eigenvalues = [
  -6.411326259926321, -4.6006930164775675, -0.7239978869156434, 1.3872461464632388, 2.8251592110434984,
  6.900967484813881,
];
const positive = half.mmul(half.transpose()).add(Matrix.eye(6));

for (const engine of engines) {
  for (const kind of kinds) {
    for (const exponent of [0, ...kind.scales, kind.subnormal]) {
      const error = exponent === kind.subnormal ? Math.max(kind.error, kind.epsilon) : kind.epsilon;
      const looser = exponent === kind.subnormal && kind.dtype === "float32" ? 0.02 : error;
      const name = `${engine}, ${kind.dtype} times 2^${exponent}`;

      test(
        `${name}: the factors of qr, svd, eigh and cholesky reproduce the matrix`,
        on(engine, () => {
          const a = scaledTo(tall, exponent, kind);
          const identity = (q: Matrix) =>
            assertClose(q.transpose().mmul(q), Matrix.eye(q.columns), kind.epsilon, name);
          const { q, r } = qr(a);
          identity(back(q, 0));
          assertClose(back(q, 0).mmul(back(r, exponent)), tall, looser, "qr");
          const { u, s, v } = svd(a);
          for (const factor of [u, v]) identity(back(factor, 0));
          const diagonal = Matrix.diag([...back(row(s), exponent).to1DArray()]);
          assertClose(back(u, 0).mmul(diagonal).mmul(back(v, 0).transpose()), tall, looser, "svd");
          const spoiled = symmetric.clone().set(0, 5, 0);
          const found = eigh(scaledTo(spoiled, exponent, kind));
          identity(back(found.vectors, 0));
          for (const list of [found.values, eigvalsh(scaledTo(spoiled, exponent, kind))]) {
            assertClose(back(row(list), exponent), row(eigenvalues), looser, "eigenvalues");
          }
          // The scale of the Cholesky factor is the square root of the matrix's.
          const even = exponent - (exponent % 2);
          const l = back(cholesky(scaledTo(positive, even, kind)), even / 2);
          assertClose(l.mmul(l.transpose()), positive, looser, "cholesky");
        }),
      );

      test(
        `${name}: norms, singular values, ranks and metrics agree with those of the unscaled matrix`,
        on(engine, () => {
          const a = scaledTo(tall, exponent, kind);
          const norm = timesPowerOfTwo(spectralNorm(a), -exponent);
          assert.ok(Math.abs(norm / largest - 1) < Math.max(looser, 1e-8), `norm ${norm}`);
          const found = back(row(singularValues(a)), exponent).to1DArray();
          assert.ok(Math.abs(found[0]! / largest - 1) < Math.max(looser, 1e-8), `σ₁ ${found[0]}`);
          assert.ok(Math.abs(found[69]! - least) < looser * largest, `σ₇₀ ${found[69]}`);
          const s = spectrum(a);
          for (const [rtol, rank] of Object.entries(ranks)) {
            assert.equal(matrixRank(a, { rtol: Number(rtol) }), rank);
            assert.equal(matrixRank(s, { rtol: Number(rtol) }), rank);
            const atol = timesPowerOfTwo(Number(rtol) * largest, exponent);
            assert.equal(matrixRank(a, { atol }), rank, `atol ${atol}`);
          }
          assert.equal(matrixRank(a), 70);
          for (const metric of [stableRank, nuclearRank, effectiveRank, participationRatio]) {
            assert.ok(Math.abs(metric(s) / metric(reference) - 1) < looser, metric.name);
          }
          assert.equal(energyRank(s, 0.9), energyRank(reference, 0.9));
          assert.equal(normalizedRank(s, { tol: 0.1 }), normalizedRank(reference, { tol: 0.1 }));
        }),
      );
    }
  }

  test(
    `${engine}: matmul multiplies subnormal and huge numbers as in IEEE 754`,
    on(engine, () => {
      // JavaScript computes small products, TensorFlow, if it runs, large ones; all other entries are 0.
      const alone = (value: number, side: number) => Matrix.zeros(side, side).set(0, 0, value);
      for (const [a, b] of [
        [1e-310, 1e300],
        [1e-310, 1],
        [1e-200, 1e-115],
        [1e200, 1e100],
        [1e200, 1e200],
        [1e-200, 1e-200],
        [Number.NaN, 1],
        [Number.POSITIVE_INFINITY, -1],
      ] as const) {
        for (const side of [1, 200]) {
          const product = matmul(alone(a, side), alone(b, side)).get(0, 0);
          const relative = Math.abs(product / (a * b) - 1);
          assert.ok(Object.is(product, a * b) || relative < 1e-15, `${a} · ${b} is ${product}`);
        }
      }
    }),
  );

  test(
    `${engine}: orthonormalize does not depend on the lengths of columns over the range of float32`,
    on(engine, () => {
      const a = normal(60, 9, 4);
      const expected = orthonormalize(tf.tensor2d(a.to2DArray()));
      const exponents = [-140, -126, -100, -40, 0, 40, 100, 120, 122];
      const scaled = a.clone();
      for (const [j, exponent] of exponents.entries()) {
        scaled.setColumn(
          j,
          a.getColumn(j).map((value) => timesPowerOfTwo(value, exponent)),
        );
      }
      const found = orthonormalize(tf.tensor2d(scaled.to2DArray()));
      // The first column has only three significant bits.
      assertClose(back(found, 0), back(expected, 0), 0.05, "all columns");
      const products = back(found, 0).transpose().mmul(back(found, 0));
      assertClose(products, Matrix.eye(9), 1e-6, "products");
      const [rest, others] = [scaled, a].map((matrix) => matrix.subMatrix(0, 59, 1, 8).to2DArray());
      assertClose(
        back(orthonormalize(tf.tensor2d(rest!)), 0),
        back(orthonormalize(tf.tensor2d(others!)), 0),
        1e-5,
        "the columns that are not subnormal",
      );
    }),
  );

  test(
    `${engine}: a convolution's spectra are proportional to the scale of the kernel`,
    on(engine, () => {
      const kernel = (exponent: number) =>
        (scaledTo(normal(3, 18, 3), exponent, kinds[0]) as tf.Tensor).reshape([3, 2, 3, 3]);
      const expected = convolutionSpectrum(kernel(0), [4, 4]);
      for (const exponent of [-120, -63, 63, 120]) {
        const found = convolutionSpectrum(kernel(exponent), [4, 4]);
        for (const which of ["operator", "flattened"] as const) {
          const numbers = back(row(found[which].values), exponent);
          assertClose(numbers, row(expected[which].values), 1e-6, `${which} times 2^${exponent}`);
        }
      }
    }),
  );
}

test("ranks of a 64 × 64 matrix scaled by 1e-90 agree with NumPy", async () => {
  for (const engine of engines) {
    await tf.setBackend(engine);
    for (const factor of [1, 1e-90, 1e-158, 1e-300, 1e150, 1e300]) {
      const a = Matrix.mul(normal(64, 64, 1), factor);
      // numpy.linalg.matrix_rank(a, rtol=...); the largest is 15.331150043291837.
      for (const [rtol, rank] of [
        [0.9, 4],
        [0.5, 27],
        [0.3, 41],
        [0.1, 56],
        [0.01, 63],
      ] as const) {
        assert.equal(matrixRank(a, { rtol }), rank, `${engine}, ${factor}, rtol ${rtol}`);
        assert.equal(matrixRank(a, { atol: rtol * 15.331150043291837 * factor }), rank);
      }
    }
  }
});

test("a singular value beyond the matrix's type is infinite, as in NumPy, and the rank is still correct", async () => {
  for (const engine of engines) {
    await tf.setBackend(engine);
    const [huge, tensor] = [Matrix.ones(70, 80).mul(1e308), tf.fill([70, 80], 3e38) as tf.Tensor2D];
    for (const a of [huge, tensor]) {
      assert.equal(singularValues(a)[0], Number.POSITIVE_INFINITY);
      assert.equal(matrixRank(a), 1);
      assert.ok(Math.abs(stableRank(a) - 1) < 1e-5);
    }
    assert.equal(spectralNorm(huge), Number.POSITIVE_INFINITY);
    assert.ok(Math.abs(spectralNorm(tensor) / (3e38 * Math.sqrt(5600)) - 1) < 1e-6);
  }
});
