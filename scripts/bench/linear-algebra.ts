import { Matrix } from "ml-matrix";
import {
  cholesky,
  eigvalsh,
  matmul,
  matrixRank,
  qr,
  RandomState,
  singularValues,
  svd,
  TorchGenerator,
  tf,
} from "../../lib";
import type { Task } from "./tasks";

const generator = new TorchGenerator(0);

const normalTensor = (n: number) => tf.tensor2d(generator.randn([n, n]), [n, n]);
const normalMatrix = (n: number) => Matrix.from1DArray(n, n, new RandomState(0).randn(n, n));

function positiveDefinite(n: number): tf.Tensor2D {
  const a = normalTensor(n);
  return tf.tidy(() => a.matMul<tf.Tensor2D>(a, false, true).add(tf.eye(n).mul(n)));
}

function on<A>(name: string, argument: () => A, compute: (a: A) => unknown): Task {
  return {
    name,
    isTraining: false,
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
  on(
    "matrix rank, 1024², float32 (NumPy)",
    () => normalTensor(1024),
    (a) => matrixRank(a, { atol: 1e-4 }),
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
