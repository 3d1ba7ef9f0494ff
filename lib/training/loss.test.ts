import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "ml-matrix";
import { backend } from "../backend/backend";
import { tf } from "../backend/tf";
import { finiteDifferences, relativeError } from "../linalg/finite-differences";
import * as torch from "./fixtures/cross-entropy.json";
import { crossEntropy } from "./loss";

function lossAndGradient(logits: number[][], labels: number[], reduction: "mean" | "sum") {
  const valueAndGradient = tf.valueAndGrad((x: tf.Tensor) =>
    crossEntropy(x as tf.Tensor2D, Int32Array.from(labels), { reduction }),
  );
  const { value, grad } = valueAndGradient(tf.tensor2d(logits));
  return { loss: value.dataSync()[0]!, gradient: (grad as tf.Tensor2D).arraySync() };
}

for (const { name, logits, labels, mean, sum } of torch.cases) {
  for (const [reduction, expected] of Object.entries({ mean, sum })) {
    test(`the ${reduction} for logits ${name}, and its gradient, are PyTorch's`, () => {
      const numbers = logits.map((row) => row.map(Number));
      const { loss, gradient } = lossAndGradient(numbers, labels, reduction as "mean" | "sum");
      assert.ok(Math.abs(loss - expected.loss) <= 1e-6 * expected.loss, `${loss} is not ${expected.loss}`);
      assert.ok(relativeError(new Matrix(gradient), new Matrix(expected.gradient)) < 1e-6, `${gradient}`);
    });
  }
}

test("the gradient is that of finite differences", () => {
  const logits = new Matrix([
    [0.5, -1, 2],
    [0.25, 1.5, -0.5],
  ]);
  const loss = () => lossAndGradient(logits.to2DArray(), [1, 2], "mean").loss;
  const { gradient } = lossAndGradient(logits.to2DArray(), [1, 2], "mean");
  assert.ok(relativeError(new Matrix(gradient), finiteDifferences(loss, logits, { h: 2 ** -6 })) < 1e-4);
});

test("the gradient passes through to what the logits depend on, times what the loss is multiplied by", () => {
  const [logits, scale] = [tf.tensor2d([[1, 2]]), tf.scalar(3)];
  const gradient = tf.grad((s: tf.Tensor) => tf.mul(crossEntropy(tf.mul(logits, s), new Uint8Array([0])), 5));
  // d/ds log(1 + eˢ) = 1 / (1 + e⁻ˢ)
  assert.ok(Math.abs(gradient(scale).dataSync()[0]! - 5 / (1 + Math.exp(-3))) < 1e-5);
});

test("labels are taken as int32 and uint8 arrays and as a tensor alike, for one class too", () => {
  const logits = tf.tensor2d([
    [1, 2, 3],
    [3, 1, 2],
  ]);
  const labelled = [Int32Array.of(2, 1), Uint8Array.of(2, 1), tf.tensor1d([2, 1], "int32")];
  const losses = labelled.map((labels) => crossEntropy(logits, labels).dataSync()[0]);
  assert.deepEqual(losses, [losses[0], losses[0], losses[0]]);
  assert.ok(losses[0]! > 1);
  assert.ok(crossEntropy(tf.tensor2d([[7]]), Int32Array.of(0)).dataSync()[0] === 0);
});

test("a tensor's labels out of range are an error on TensorFlow, and elsewhere add nothing to the loss", () => {
  const [logits, labels] = [tf.zeros([2, 4]) as tf.Tensor2D, tf.tensor1d([3, 4], "int32")];
  const sum = () => crossEntropy(logits, labels, { reduction: "sum" }).dataSync()[0]!;
  if (backend().name === "tensorflow")
    assert.throws(sum, /label value of 4 .* outside the valid range of \[0, 4\)/);
  else assert.ok(Math.abs(sum() - Math.log(4)) < 1e-6);
});

test("labels that do not fit are refused", () => {
  const logits = tf.zeros([2, 3]) as tf.Tensor2D;
  const call = (labels: Parameters<typeof crossEntropy>[1]) => () => crossEntropy(logits, labels);
  assert.throws(call(Int32Array.of(0, 3)), /Label 1 is 3, expected an integer from 0 to 2/);
  assert.throws(call(Int32Array.of(-100, 0)), /Label 0 is -100, expected an integer from 0 to 2/);
  assert.throws(call(Uint8Array.of(0)), /Labels are \[1\], expected \[2\]/);
  assert.throws(call(tf.zeros([2])), /Labels are float32, expected int32/);
  assert.throws(
    call(tf.zeros([2, 1], "int32") as unknown as tf.Tensor1D),
    /Labels are \[2,1\], expected \[2\]/,
  );
  assert.throws(
    () => crossEntropy(tf.zeros([3]) as unknown as tf.Tensor2D, Int32Array.of(0)),
    /Logits are \[3\], expected \[batch, classes\]/,
  );
});

test("the loss is all that is left in memory", () => {
  const logits = tf.zeros([2, 3]) as tf.Tensor2D;
  const before = tf.memory().numTensors;
  const loss = crossEntropy(logits, Uint8Array.of(0, 1));
  assert.equal(tf.memory().numTensors, before + 1);
  loss.dispose();
  const { value, grad } = tf.valueAndGrad((x: tf.Tensor) =>
    crossEntropy(x as tf.Tensor2D, Uint8Array.of(0, 1)),
  )(logits);
  assert.equal(tf.memory().numTensors, before + 2);
  tf.dispose([value, grad]);
});
