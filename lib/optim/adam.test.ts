import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../backend/tf";
import { Adam, type AdamOptions } from "./adam";

/** Where the parameter 0 comes to by steps down the given gradients. */
function descend(gradients: number[], options: Partial<AdamOptions> = {}): number {
  const x = tf.variable(tf.tensor1d([0]));
  const optimizer = new Adam({ x }, options);
  for (const gradient of gradients) optimizer.step({ x: tf.tensor1d([gradient]) });
  return x.dataSync()[0]!;
}

test("the first step is lr against the gradient's sign, whatever its size; lr is 1e-3 by default", () => {
  for (const gradient of [1e-3, 3, -2e5]) {
    assert.ok(Math.abs(descend([gradient]) + 1e-3 * Math.sign(gradient)) < 1e-7);
  }
});

test("bias corrections make each step down a constant gradient as long as the first", () => {
  assert.ok(Math.abs(descend(new Array(20).fill(0.7), { lr: 0.01 }) + 20 * 0.01) < 1e-6);
});

test("without memory a step forgets the gradients before, however large", () => {
  // PyTorch 2.14.1: torch.optim.Adam(lr=0.5, betas=(0., 0.), eps=1).
  assert.ok(Math.abs(descend([1e3, 1], { lr: 0.5, betas: [0, 0], eps: 1 }) + 0.7495005) < 1e-6);
  assert.ok(Math.abs(descend([1e8, 1], { lr: 0.5, betas: [0, 0], eps: 1 }) + 0.75) < 1e-6);
});

test("options out of their range are refused", () => {
  const x = tf.variable(tf.zeros([2]));
  const create = (options: Partial<AdamOptions>) => () => new Adam({ x }, options);
  assert.throws(create({ lr: -1 }), /lr is -1, expected a finite number from 0/);
  assert.throws(create({ betas: [1, 0.9] }), /betas\[0\] is 1, expected 0 ≤ β < 1/);
  assert.throws(create({ betas: [0.9, -0.1] }), /betas\[1\] is -0\.1, expected 0 ≤ β < 1/);
  assert.throws(create({ betas: [Number.NaN, 0.9] }), /betas\[0\] is NaN/);
  assert.throws(create({ eps: -1e-8 }), /eps is -1e-8/);
  assert.throws(create({ weightDecay: -1 }), /weightDecay is -1/);
  assert.throws(create({ betas: [0.9] as never }), /betas is \[0\.9\], expected two numbers/);
  assert.throws(create({ betas: undefined }), /betas is undefined, expected two numbers/);
  assert.throws(create({ betas: ["0.9", 0.99] as never }), /betas\[0\] is 0\.9, expected/);
  assert.throws(create({ lr: "0.1" as never }), /lr is 0\.1, expected a finite number/);
  assert.throws(create({ amsgrad: 1 as never }), /amsgrad is 1, expected true or false/);
  assert.throws(create({ maximize: "no" as never }), /maximize is no, expected true or false/);
});

test("the state holds both moments and the steps of each parameter", () => {
  const x = tf.variable(tf.zeros([1]));
  const adam = new Adam({ x }, { betas: [0.5, 0.75] });
  adam.step({ x: tf.tensor1d([2]) });
  const { "step.x": step, "firstMoment.x": first, "secondMoment.x": second, lr } = adam.state();
  assert.deepEqual(
    [step, first, second, lr].map((saved) => Array.from(saved!.values)),
    [[1], [1], [1], [1e-3]],
  );
});

test("with AMSGrad the state holds the largest second moment, and is gone on from", () => {
  const options = { lr: 0.1, betas: [0, 0] as const, amsgrad: true };
  const [x, copy] = [tf.variable(tf.tensor1d([0])), tf.variable(tf.tensor1d([0]))];
  const adam = new Adam({ x }, options);
  adam.step({ x: tf.tensor1d([4]) });
  adam.step({ x: tf.tensor1d([2]) });
  assert.deepEqual(Array.from(adam.state()["largestSecondMoment.x"]!.values), [16]);
  const restored = new Adam({ x: copy }, options);
  restored.restore(adam.state());
  copy.assign(x);
  for (const optimizer of [adam, restored]) optimizer.step({ x: tf.ones([1]) });
  assert.deepEqual(copy.dataSync(), x.dataSync());
});
