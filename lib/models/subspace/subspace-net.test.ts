import assert from "node:assert/strict";
import { before, test } from "node:test";
import { Matrix } from "ml-matrix";
import { backend } from "../../backend/backend";
import { onlyNative } from "../../backend/testing/only-native";
import { tf } from "../../backend/tf";
import { ImageDataset } from "../../data/image-dataset";
import { DataLoader } from "../../data/loader";
import { loadMnist } from "../../data/mnist";
import { finiteDifferences, relativeError } from "../../linalg/finite-differences";
import { Adam } from "../../optim/adam";
import { RandomState } from "../../random/numpy";
import { TorchGenerator } from "../../random/torch";
import { crossEntropy } from "../../training/loss";
import { perceptron } from "./architecture";
import { DenseProjection } from "./dense-projection";
import reference from "./fixtures/subspace-net.json";
import { initialTheta } from "./subspace-layout";
import { SubspaceNet } from "./subspace-net";
import "../../notebook/use-environment";

/** The original's network, drawn with its seed in its order. */
function documentNet(dimension?: number): SubspaceNet {
  const random = new RandomState(123);
  const theta = initialTheta(random);
  if (!dimension) return new SubspaceNet(theta);
  return new SubspaceNet(theta, { projection: DenseProjection.along(theta, dimension, random) });
}

const sizes = [4, 5, 3, 2];
const architecture = perceptron(sizes);
const smallTheta = () => initialTheta(new RandomState(1), { sizes, deviations: [0.5, 0.5, 0.5] });
const along = (theta: ArrayLike<number>) => DenseProjection.along(theta, 6, new RandomState(2));
const x = tf.tensor2d(new Float32Array(new RandomState(3).randn(7, 4)), [7, 4]);
const labels = Int32Array.of(0, 1, 1, 0, 1, 0, 0);

const forms: [string, (theta: Float64Array) => SubspaceNet][] = [
  ["θ", (theta) => new SubspaceNet(theta, { architecture })],
  ["θ = Pω", (theta) => new SubspaceNet(theta, { architecture, projection: along(theta) })],
  [
    "θ = θ₀ + Pω",
    (theta) => {
      const projection = DenseProjection.random(theta.length, 6, new RandomState(2));
      return new SubspaceNet(theta, { architecture, projection, affine: true });
    },
  ],
];

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++) {
    assert.ok(Math.abs(actual[i]! - expected[i]!) <= tolerance, `${i}: ${actual[i]} is not ${expected[i]}`);
  }
}

let digits: ImageDataset;
before(async () => {
  digits = new ImageDataset((await loadMnist()).train);
});

test("the initial θ is the original's", () => {
  const theta = initialTheta(new RandomState(123));
  assert.equal(theta.length, 199210);
  assertClose(theta.subarray(0, 5), reference.theta_first_5, 1e-15);
  const biases = 200 + 200 + 10;
  assertClose([theta.at(-biases - 1)!], [reference.theta_last_W3], 1e-15);
  assert.ok(theta.subarray(-biases).every((bias) => bias === 0));
});

/** Rounding errors grow with each step, and WebAssembly rounds differently from TensorFlow and PyTorch. */
const tolerance = backend().name === "tensorflow" ? 1e-3 : 5e-3;

for (const [omega, expected] of Object.entries(reference.losses)) {
  const title = `the losses of the first 100 steps in ω-space of dimension ${omega} are PyTorch's`;
  const skip = omega === "10" ? false : onlyNative("elsewhere it takes minutes; dimension 10 runs");
  test(title, { skip }, () => {
    const net = documentNet(omega === "full" ? undefined : Number(omega));
    const loader = new DataLoader(digits, {
      batchSize: 256,
      shuffle: true,
      dropLast: true,
      generator: new TorchGenerator(123),
    });
    const adam = new Adam(net.parameters, { lr: 3e-3, betas: [0.9, 0.99] });
    const losses: number[] = [];
    for (const indices of loader) {
      tf.tidy(() => {
        const inputs = digits.inputs(indices);
        const loss = adam.minimize(() => crossEntropy(net.forward(inputs), digits.targets(indices)));
        losses.push(loss.dataSync()[0]!);
      });
      if (losses.length === expected.length) break;
    }
    assertClose(losses, expected, tolerance);
    adam.dispose();
    net.dispose();
  });
}

test("the first coordinate starts at the original's θ_init[0] / P[0, 0], the others at 0", () => {
  const theta = smallTheta();
  const projection = along(theta);
  const net = new SubspaceNet(theta, { architecture, projection });
  const [first, ...others] = net.parameters["omega"]!.dataSync();
  assertClose([first!], [theta[0]! / projection.matrix().dataSync()[0]!], 1e-6);
  assert.deepEqual(others, [0, 0, 0, 0, 0]);
});

for (const [form, make] of forms) {
  test(`${form}: training starts at θ_init`, () => {
    const theta = smallTheta();
    assertClose(make(theta).theta().dataSync(), theta, 1e-6);
  });

  test(`${form}: forward multiplies by weights [inputs, outputs], which precede the biases in θ`, () => {
    const theta = smallTheta().map((value) => value + 0.1);
    const at = (start: number, rows: number, columns: number) =>
      Matrix.from1DArray(rows, columns, theta.subarray(start, start + rows * columns));
    const relu = (sums: Matrix) => Matrix.max(sums, Matrix.zeros(sums.rows, sums.columns));
    const [W1, W2, W3] = [at(0, 4, 5), at(20, 5, 3), at(35, 3, 2)];
    const [b1, b2, b3] = [at(41, 1, 5), at(46, 1, 3), at(49, 1, 2)];
    const h1 = relu(new Matrix(x.arraySync()).mmul(W1).addRowVector(b1));
    const h2 = relu(h1.mmul(W2).addRowVector(b2));
    const expected = h2.mmul(W3).addRowVector(b3);
    const logits = make(theta).forward(x);
    assert.deepEqual(logits.shape, [7, 2]);
    assertClose(logits.dataSync(), expected.to1DArray(), 1e-5);
  });

  test(`${form}: gradients agree with finite differences of the loss`, () => {
    const net = make(smallTheta());
    const [parameter] = Object.values(net.parameters) as [tf.Variable];
    const loss = () => crossEntropy(net.forward(x), labels);
    const gradient = tf.variableGrads(loss, [parameter]).grads[parameter.name]!;
    const values = Matrix.rowVector([...parameter.dataSync()]);
    const numeric = finiteDifferences(
      () => {
        parameter.assign(tf.tensor1d(values.to1DArray()));
        return loss().dataSync()[0]!;
      },
      values,
      { h: 1e-3 },
    );
    const error = relativeError(Matrix.rowVector([...gradient.dataSync()]), numeric);
    assert.ok(error < 3e-3, `${error}`);
  });

  test(`${form}: forward leaks no tensor, and dispose frees all`, () => {
    const before = tf.memory().numTensors;
    const net = make(smallTheta());
    const made = tf.memory().numTensors;
    net.forward(x).dispose();
    assert.equal(tf.memory().numTensors, made);
    net.dispose();
    assert.equal(tf.memory().numTensors, before);
  });
}

test("layers returns the parameters by name in the original's shapes", () => {
  const shapes = Object.entries(documentNet().layers()).map(([name, { shape }]) => [name, ...shape]);
  assert.deepEqual(shapes, [
    ["W1", 784, 200],
    ["W2", 200, 200],
    ["W3", 200, 10],
    ["b1", 200],
    ["b2", 200],
    ["b3", 10],
  ]);
});

test("rejects invalid sizes, inputs, parameters and projections", () => {
  const theta = smallTheta();
  assert.throws(() => perceptron([4]), /sizes is \[4\], expected two or more integers ≥ 1/);
  assert.throws(() => new SubspaceNet(theta), /θ has 51 parameters, expected the network's 199210/);
  assert.throws(
    () => new SubspaceNet(theta, { architecture, affine: true }),
    /a projection for the affine form/,
  );
  const net = new SubspaceNet(theta, { architecture });
  assert.throws(() => net.forward(tf.ones([2, 3])), /expected inputs \[examples, 4\], got \[2, 3\]/);
  const shorter = along(theta.subarray(1));
  assert.throws(
    () => new SubspaceNet(theta, { architecture, projection: shorter }),
    /the projection's θ has 50 parameters, expected the network's 51/,
  );
  const elsewhere = DenseProjection.random(51, 6, new RandomState(4));
  assert.throws(
    () => new SubspaceNet(theta, { architecture, projection: elsewhere }),
    /first column is θ\/‖θ‖, got one with an error of up to/,
  );
  assert.throws(
    () => initialTheta(new RandomState(1), { sizes, deviations: [1, 1] }),
    /deviations is \[1, 1\], expected 3 numbers ≥ 0/,
  );
});
