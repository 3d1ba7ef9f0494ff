import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../backend/tf";
import { Adam } from "./adam";
import { AdamW } from "./adamw";

/** The factor of a parameter after a step down no gradient at all. */
function shrinkage(options: ConstructorParameters<typeof AdamW>[1]): number {
  const x = tf.variable(tf.tensor1d([1]));
  new AdamW({ x }, options).step({ x: tf.zeros([1]) });
  return x.dataSync()[0]!;
}

test("the decay is a shrinkage by 1 − lr·weightDecay, apart from the moments", () => {
  assert.equal(shrinkage({ lr: 0.5, weightDecay: 0.5 }), 0.75);
  assert.equal(shrinkage({ lr: 0.5, weightDecay: 0 }), 1);
});

test("the decay is 0.01 by default", () => {
  assert.equal(shrinkage({ lr: 0.1 }), Math.fround(1 - 0.1 * 0.01));
});

test("the decay follows a scheduled learning rate", () => {
  const x = tf.variable(tf.tensor1d([1]));
  const adamw = new AdamW({ x }, { lr: 0.5, weightDecay: 0.5 });
  adamw.step({ x: tf.zeros([1]) });
  adamw.groups[0]!.lr = 1;
  adamw.step({ x: tf.zeros([1]) });
  assert.equal(x.dataSync()[0], 0.75 * 0.5);
});

test("without decay AdamW is Adam", () => {
  const [x, y] = [tf.variable(tf.tensor1d([1, -2])), tf.variable(tf.tensor1d([1, -2]))];
  const [adamw, adam] = [new AdamW({ x }, { weightDecay: 0 }), new Adam({ y })];
  for (const gradient of [
    [1, 2],
    [-3, 0.5],
  ]) {
    adamw.step({ x: tf.tensor1d(gradient) });
    adam.step({ y: tf.tensor1d(gradient) });
  }
  assert.deepEqual(Array.from(x.dataSync()), Array.from(y.dataSync()));
  assert.notEqual(x.dataSync()[0], 1);
});
