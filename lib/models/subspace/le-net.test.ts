import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../../backend/tf";
import { RandomState } from "../../random/numpy";
import { TorchGenerator } from "../../random/torch";
import { crossEntropy } from "../../training/loss";
import reference from "./fixtures/le-net.json";
import { initialLeNetTheta, leNet } from "./le-net";
import { SubspaceNet } from "./subspace-net";

const sampled = (values: ArrayLike<number>) => Array.from(values).filter((_, i) => i % 2000 === 0);

function assertClose(actual: number[], expected: number[], tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (const [i, value] of expected.entries()) {
    assert.ok(Math.abs(actual[i]! - value) <= tolerance, `${i}: ${actual[i]} is not ${value}`);
  }
}

test("LeNet has Li et al.'s 44,426 parameters, initialized as in PyTorch", () => {
  const theta = initialLeNetTheta(new TorchGenerator(7));
  assert.equal(theta.length, 44_426);
  assert.equal(theta.length, reference.size);
  assertClose(sampled(theta), reference.theta, 1e-7);
});

test("LeNet's logits and gradient agree with PyTorch", () => {
  const net = new SubspaceNet(initialLeNetTheta(new TorchGenerator(7)), { architecture: leNet() });
  const x = tf.tensor2d(new Float32Array(new RandomState(7).rand(3, 784)), [3, 784]);
  const logits = net.forward(x).arraySync();
  for (const [i, row] of reference.logits.entries()) assertClose(logits[i]!, row, 1e-6);
  const { theta } = net.parameters as { theta: tf.Variable };
  const { grads } = tf.variableGrads(() => crossEntropy(net.forward(x), Int32Array.of(1, 5, 9)), [theta]);
  assertClose(sampled(grads[theta.name]!.dataSync()), reference.gradient, 1e-6);
  net.dispose();
});
