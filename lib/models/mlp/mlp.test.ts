import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "ml-matrix";
import { tf } from "../../backend/tf";
import { constantBias } from "../../initializers/constant-bias";
import { partialIdentity } from "../../initializers/partial-identity";
import { linearDefault } from "../../initializers/torch-default";
import { zerO } from "../../initializers/zero";
import { finiteDifferences, relativeError } from "../../linalg/finite-differences";
import { TorchGenerator } from "../../random/torch";
import reference from "./fixtures/mlp.json";
import { MLP } from "./mlp";

const { small } = reference;

function smallNetwork(): MLP {
  const generator = new TorchGenerator(3);
  return new MLP(small.sizes, (shape) => linearDefault(shape, generator));
}

function crossEntropy(network: MLP, x: tf.Tensor2D, labels: ArrayLike<number>): tf.Scalar {
  const logits = network.forward(x);
  return tf.losses.softmaxCrossEntropy(tf.oneHot(Int32Array.from(labels), logits.shape[1]), logits);
}

const smallLoss = (network: MLP) => () => crossEntropy(network, tf.tensor2d(small.x), small.labels);

/** The value of `loss` and its gradients by the parameters' names. */
function gradients(network: MLP, loss: () => tf.Scalar): { loss: number; grads: Record<string, tf.Tensor> } {
  const { value, grads } = tf.variableGrads(loss);
  const named = Object.entries(network.parameters).map(([name, { name: id }]) => [name, grads[id]!]);
  return { loss: value.dataSync()[0]!, grads: Object.fromEntries(named) };
}

function assertClose(actual: ArrayLike<number>, expected: number[], tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (const [i, value] of expected.entries()) {
    assert.ok(Math.abs(actual[i]! - value) <= tolerance, `${i}: ${actual[i]} is not ${value}`);
  }
}

test("logits, loss and gradients with default initialization agree with PyTorch", () => {
  const network = smallNetwork();
  const logits = network.forward(tf.tensor2d(small.x));
  assert.deepEqual(logits.shape, [7, 3]);
  assertClose(logits.dataSync(), small.logits.flat(), 1e-6);
  const { loss, grads } = gradients(network, smallLoss(network));
  assertClose([loss], [small.loss], 1e-6);
  assert.deepEqual(Object.keys(network.parameters), Object.keys(small.gradients));
  for (const [name, expected] of Object.entries(small.gradients)) {
    assertClose(grads[name]!.dataSync(), expected, 1e-6);
  }
});

test("gradients agree with finite differences of the loss", () => {
  const network = smallNetwork();
  const loss = smallLoss(network);
  const { grads } = gradients(network, loss);
  for (const name of ["l1.weight", "l2.weight", "l3.weight", "l2.bias"]) {
    const parameter = network.parameters[name]!;
    const [rows, columns = 1] = parameter.shape as [number, number?];
    const matrix = (tensor: tf.Tensor) => Matrix.from1DArray(rows, columns, Array.from(tensor.dataSync()));
    const weights = matrix(parameter);
    const numeric = finiteDifferences(
      () => {
        parameter.assign(tf.tensor(weights.to1DArray(), parameter.shape));
        return loss().dataSync()[0]!;
      },
      weights,
      { h: 1e-2 },
    );
    parameter.assign(tf.tensor(weights.to1DArray(), parameter.shape));
    assert.ok(relativeError(matrix(grads[name]!), numeric) < 2e-3, name);
  }
});

test("constructing and forward leak no tensor, and dispose frees the parameters", () => {
  const before = tf.memory().numTensors;
  const network = new MLP([3, 4, 2], constantBias(partialIdentity, 0.01));
  assert.equal(tf.memory().numTensors, before + 4);
  const x = tf.ones<tf.Rank.R2>([2, 3]);
  network.forward(x).dispose();
  x.dispose();
  assert.equal(tf.memory().numTensors, before + 4);
  network.dispose();
  assert.equal(tf.memory().numTensors, before);
});

test("rejects inputs, sizes and initial parameters of the wrong shape", () => {
  const network = new MLP([3, 2], constantBias(zerO, 0));
  assert.throws(() => network.forward(tf.ones([5, 4])), {
    message: "expected inputs [examples, 3], got [5, 4]",
  });
  assert.throws(
    () => new MLP([3], constantBias(zerO, 0)),
    /sizes is \[3\], expected two or more integers ≥ 1/,
  );
  const transposed = constantBias(([outputs, inputs]) => tf.zeros([inputs, outputs]), 0);
  assert.throws(
    () => new MLP([3, 2], transposed),
    /the initializer returned l1\.weight \[3, 2\], expected \[2, 3\]/,
  );
});
