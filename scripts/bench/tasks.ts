import { Matrix } from "ml-matrix";
import {
  Adam,
  cholesky,
  type Examples,
  eigvalsh,
  linearDefault,
  MLP,
  matmul,
  matrixRank,
  qr,
  RandomState,
  SGD,
  singularValues,
  svd,
  TorchGenerator,
  TrainingStep,
  tf,
} from "../../lib";

/** Prepares a task and returns what is timed. */
type Task = () => () => void;

const BATCH = 64;

const generator = new TorchGenerator(0);

function stepOfMlp(hidden: number, optimizerOf: (parameters: MLP["parameters"]) => SGD | Adam): Task {
  return () => {
    const model = new MLP([784, 784, hidden, hidden, 10], (inputs, outputs) =>
      linearDefault(inputs, outputs, generator),
    );
    const optimizer = optimizerOf(model.parameters);
    const inputs = tf.tensor2d(generator.rand([BATCH, 784]), [BATCH, 784]);
    const labels = Int32Array.from({ length: BATCH }, (_, i) => i % 10);
    const examples: Examples = { count: BATCH, inputs: () => inputs.clone(), labels: () => labels };
    const step = new TrainingStep(model, optimizer, examples);
    return () => void step.run([labels]);
  };
}

const sgd = (parameters: MLP["parameters"]) => new SGD(parameters, { lr: 0.1 });
const adam = (parameters: MLP["parameters"]) => new Adam(parameters, { lr: 1e-3 });

const normalTensor = (n: number) => tf.tensor2d(generator.randn([n, n]), [n, n]);
const normalMatrix = (n: number) => Matrix.from1DArray(n, n, new RandomState(0).randn(n, n));

function on<A>(argument: () => A, compute: (a: A) => unknown): Task {
  return () => {
    const a = argument();
    return () => tf.tidy(() => void compute(a));
  };
}

function positiveDefinite(n: number): tf.Tensor2D {
  const a = normalTensor(n);
  return tf.tidy(() => a.matMul<tf.Tensor2D>(a, false, true).add(tf.eye(n).mul(n)));
}

/** What is timed, by the names that scripts/python/bench.py has for the same. */
export const tasks: Record<string, Task> = {
  "training step, MLP 784-784-256-256-10, SGD": stepOfMlp(256, sgd),
  "training step, MLP 784-784-1024-1024-10, SGD": stepOfMlp(1024, sgd),
  "training step, MLP 784-784-2048-2048-10, SGD": stepOfMlp(2048, sgd),
  "training step, MLP 784-784-1024-1024-10, Adam": stepOfMlp(1024, adam),
  "singular values, 784², float32": on(() => normalTensor(784), singularValues),
  "singular values, 1024², float32": on(() => normalTensor(1024), singularValues),
  "singular values, 2048², float32": on(() => normalTensor(2048), singularValues),
  "matrix rank, 1024², float32 (NumPy)": on(
    () => normalTensor(1024),
    (a) => matrixRank(a, { atol: 1e-4 }),
  ),
  "SVD with vectors, 784², float64": on(() => normalMatrix(784), svd),
  "QR, 784², float32": on(() => normalTensor(784), qr),
  "symmetric eigenvalues, 784², float32": on(() => normalTensor(784), eigvalsh),
  "Cholesky, 784², float32": on(() => positiveDefinite(784), cholesky),
  "product, 1000², float64": on(
    () => normalMatrix(1000),
    (a) => matmul(a, a),
  ),
  "20 million normals (NumPy)": () => () => void new RandomState(0).randn(20_000_000),
  "10 million normals": () => () => void generator.randn([10_000_000]),
};
