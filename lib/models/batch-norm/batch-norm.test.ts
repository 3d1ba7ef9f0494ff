import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "../../backend/compile/compile";
import { tf } from "../../backend/tf";
import { TorchGenerator } from "../../random/torch";
import { assertCloseToLargest } from "../../testing/assert-close-to-largest";
import { type BatchNormVariables, batchNorm, batchNormVariables } from "./batch-norm";
import reference from "./fixtures/batch-norm.json";

const toChannelsLast = (x: tf.Tensor) => tf.transpose<tf.Tensor4D>(x as tf.Tensor4D, [0, 2, 3, 1]);
const toChannelsFirst = (x: tf.Tensor) => tf.transpose(x, [0, 3, 1, 2]);

/** The layer of the fixture, and the stream that its inputs are drawn from. */
function start() {
  const generator = new TorchGenerator(11);
  const variables = batchNormVariables(3);
  const drawn = (shape: number[], low: number, high: number) =>
    tf.tensor(generator.uniform(shape, low, high), shape);
  tf.tidy(() => {
    variables.weight.assign(drawn([3], -1, 1));
    variables.bias.assign(drawn([3], -1, 1));
  });
  return { variables, drawn };
}

/** Outputs [examples, channels, height, width], as PyTorch has them, and the gradients of their product with slopes. */
function trainingPass(variables: BatchNormVariables, x: tf.Tensor, slopes: tf.Tensor): tf.Tensor[] {
  const outputsOf = (x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor) => {
    const given = { ...variables, weight, bias } as BatchNormVariables;
    return toChannelsFirst(batchNorm(toChannelsLast(x), given, { training: true }));
  };
  const inputs = [x, variables.weight, variables.bias];
  const before = [variables.runningMean, variables.runningVariance].map((running) => running.clone());
  const outputs = outputsOf(x, variables.weight, variables.bias);
  // The gradients need a second pass, whose batch must not count twice.
  variables.runningMean.assign(before[0]!);
  variables.runningVariance.assign(before[1]!);
  const gradients = tf.grads((...inputs: tf.Tensor[]) => {
    const [x, weight, bias] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor];
    return tf.sum(tf.mul(outputsOf(x, weight, bias), slopes));
  })(inputs);
  return [outputs, ...gradients];
}

/** How the pass is run. */
const ways: Record<
  string,
  (variables: BatchNormVariables) => (x: tf.Tensor, slopes: tf.Tensor) => tf.Tensor[]
> = {
  eagerly: (variables) => (x, slopes) => trainingPass(variables, x, slopes),
  "as a compiled step": (variables) =>
    compile((x: tf.Tensor, slopes: tf.Tensor) => trainingPass(variables, x, slopes)),
};

for (const [how, stepOf] of Object.entries(ways)) {
  test(`run ${how}, batches in training are PyTorch's, with gradients and running statistics, then evaluation`, () => {
    const { variables, drawn } = start();
    const step = stepOf(variables);
    for (const expected of reference.batches) {
      const [x, slopes] = [drawn([4, 3, 5, 2], -2, 3), drawn([4, 3, 5, 2], -1, 1)];
      const [outputs, dx, dWeight, dBias] = step(x, slopes);
      assertCloseToLargest(outputs!.dataSync(), expected.outputs, "outputs");
      assertCloseToLargest(dx!.dataSync(), expected.dx, "dx", 1e-4);
      assertCloseToLargest(dWeight!.dataSync(), expected.dWeight, "dWeight");
      assertCloseToLargest(dBias!.dataSync(), expected.dBias, "dBias");
      assertCloseToLargest(variables.runningMean.dataSync(), expected.runningMean, "running mean");
      assertCloseToLargest(
        variables.runningVariance.dataSync(),
        expected.runningVariance,
        "running variance",
      );
    }
    const x = drawn([2, 3, 5, 2], -2, 3);
    const evaluated = toChannelsFirst(batchNorm(toChannelsLast(x), variables, { training: false }));
    assertCloseToLargest(evaluated.dataSync(), reference.evaluated, "evaluated");
  });
}

test("in training a channel has mean 0 and variance 1 before scale and shift, however far from 0 it lies", () => {
  const variables = batchNormVariables(2);
  const x = tf.tensor4d(new TorchGenerator(3).uniform([6, 4, 4, 2], 1000, 1001), [6, 4, 4, 2]);
  const { mean, variance } = tf.moments(batchNorm(x, variables, { training: true, eps: 1e-12 }), [0, 1, 2]);
  for (const value of mean.dataSync()) assert.ok(Math.abs(value) < 1e-3, `${value}`);
  for (const value of variance.dataSync()) assert.ok(Math.abs(value - 1) < 1e-2, `${value}`);
});

test("with momentum 1 the running statistics are the last batch's, with 0 they stay; eps bounds a constant channel", () => {
  const x = tf.tensor4d([1, 5, 3, 5], [2, 1, 1, 2]);
  const after = (momentum: number) => {
    const variables = batchNormVariables(2);
    const outputs = batchNorm(x, variables, { training: true, momentum });
    const { runningMean, runningVariance } = variables;
    return [outputs, runningMean, runningVariance].map((tensor) => [...tensor.dataSync()]);
  };
  const [outputs, ...statistics] = after(1);
  assert.deepEqual([outputs![1], outputs![3]], [0, 0]);
  assert.deepEqual(statistics, [
    [2, 5],
    [2, 0],
  ]);
  assert.deepEqual(after(0).slice(1), [
    [0, 0],
    [1, 1],
  ]);
});

test("evaluation assigns nothing", () => {
  const variables = batchNormVariables(1);
  batchNorm(tf.ones([2, 1, 1, 1]), variables, { training: false });
  assert.deepEqual([variables.runningMean.dataSync()[0], variables.runningVariance.dataSync()[0]], [0, 1]);
});

test("inputs, options and numbers of channels that make no sense are refused", () => {
  const variables = batchNormVariables(3);
  const training = true;
  assert.throws(
    () => batchNorm(tf.ones([2, 4, 4, 2]), variables, { training }),
    /expected inputs \[examples, height, width, 3\], got \[2, 4, 4, 2\]/,
  );
  assert.throws(
    () => batchNorm(tf.ones([2, 3]) as tf.Tensor as tf.Tensor4D, variables, { training }),
    /got \[2, 3\]/,
  );
  assert.throws(
    () => batchNorm(tf.ones([1, 1, 1, 3]), variables, { training }),
    /expected two or more values a channel in training, got \[1, 1, 1, 3\]/,
  );
  batchNorm(tf.ones([1, 1, 1, 3]), variables, { training: false });
  assert.throws(
    () => batchNorm(tf.ones([2, 1, 1, 3]), variables, { training, momentum: 2 }),
    /momentum is 2/,
  );
  assert.throws(() => batchNorm(tf.ones([2, 1, 1, 3]), variables, { training, eps: 0 }), /eps is 0/);
  assert.throws(() => batchNormVariables(0), /channels is 0, expected an integer ≥ 1/);
});
