import { Matrix } from "ml-matrix";
import {
  cholesky,
  eigvalsh,
  matmul,
  matrixRank,
  orthonormalize,
  qr,
  RandomState,
  singularValues,
  spectralNorm,
  svd,
  TorchGenerator,
  tf,
} from "../../lib";
import type { Task } from "./task";

const generator = new TorchGenerator(0);

const normalTensor = (n: number) => tf.tensor2d(generator.randn([n, n]), [n, n]);
const normalMatrix = (n: number) => Matrix.from1DArray(n, n, new RandomState(0).randn(n, n));

function positiveDefinite(n: number): tf.Tensor2D {
  const a = normalTensor(n);
  return tf.tidy(() => a.matMul<tf.Tensor2D>(a, false, true).add(tf.eye(n).mul(n)));
}

/** A product of matrices [n, rank] and [rank, n], scaled as weights are. */
function lowRankTensor(n: number, rank: number): tf.Tensor2D {
  const factor = (rows: number, columns: number) =>
    tf.tensor2d(generator.randn([rows, columns]), [rows, columns]).div<tf.Tensor2D>(Math.sqrt(n));
  return tf.tidy(() => factor(n, rank).matMul(factor(rank, n)) as tf.Tensor2D);
}

function on<A>(name: string, argument: () => A, compute: (a: A) => unknown, rounds?: number): Task {
  return {
    name,
    isTraining: false,
    rounds,
    async prepare() {
      const a = argument();
      return () => {
        tf.tidy(() => void compute(a));
        return 1;
      };
    },
  };
}

export const linearAlgebraTasks: Task[] = [
  on("singular values, 784², float32", () => normalTensor(784), singularValues),
  on("singular values, 1024², float32", () => normalTensor(1024), singularValues),
  on("singular values, 2048², float32", () => normalTensor(2048), singularValues),
  ...[784, 1024, 2048].flatMap((n) => [
    on(`singular values, ${n}², float32 (NumPy)`, () => normalTensor(n), singularValues),
    on(
      `matrix rank, ${n}², float32, tol 1e-4 (NumPy)`,
      () => normalTensor(n),
      (a) => matrixRank(a, { atol: 1e-4 }),
    ),
    on(`spectral norm, ${n}², float32 (NumPy)`, () => normalTensor(n), spectralNorm),
  ]),
  on("matrix rank, 1024² of rank 600, float32 (NumPy)", () => lowRankTensor(1024, 600), matrixRank),
  on(
    "orthonormal basis, 199,210 × 1000, float32 (NumPy)",
    () => tf.randomNormal<tf.Rank.R2>([199_210, 1000]),
    orthonormalize,
    1,
  ),
  on("SVD with vectors, 784², float64", () => normalMatrix(784), svd),
  on("QR, 784², float32", () => normalTensor(784), qr),
  on("symmetric eigenvalues, 784², float32", () => normalTensor(784), eigvalsh),
  on("Cholesky, 784², float32", () => positiveDefinite(784), cholesky),
  on(
    "product, 1000², float64",
    () => normalMatrix(1000),
    (a) => matmul(a, a),
  ),
  on(
    "20 million normals (NumPy)",
    () => new RandomState(0),
    (random) => random.randn(20_000_000),
  ),
  on(
    "10 million normals",
    () => generator,
    (generator) => generator.randn([10_000_000]),
  ),
];
