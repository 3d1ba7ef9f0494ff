import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../backend/tf";
import { SGD, type SGDOptions } from "./sgd";

/** Where ten steps take the parameter 0 down the constant gradient 1. */
function positions(options: Partial<SGDOptions>): number[] {
  const x = tf.variable(tf.tensor1d([0]));
  const optimizer = new SGD({ x }, options);
  return Array.from({ length: 10 }, () => {
    optimizer.step({ x: tf.tensor1d([1]) });
    return x.dataSync()[0]!;
  });
}

test("without momentum a step is lr times the gradient, 1e-3 by default, and nothing is buffered", () => {
  assert.ok(Math.abs(positions({})[9]! + 10 * 1e-3) < 1e-8);
  assert.deepEqual(Object.keys(new SGD({ x: tf.variable(tf.zeros([2])) }).state()), ["lr", "step.x"]);
});

test("with momentum ½ the buffer is the geometric sum of the gradients", () => {
  // Halves and quarters are exact in float32: b_t = 2 − 2^(1 − t).
  const expected = [0];
  for (let t = 1; t <= 10; t++) expected.push(expected[t - 1]! - (2 - 2 ** (1 - t)));
  assert.deepEqual(positions({ lr: 1, momentum: 0.5 }), expected.slice(1));
});

test("with Nesterov momentum a step is the next one of plain momentum", () => {
  const [plain, nesterov] = [false, true].map((flag) =>
    positions({ lr: 1, momentum: 0.5, nesterov: flag }).map((x, i, all) => x - (i === 0 ? 0 : all[i - 1]!)),
  );
  assert.deepEqual(nesterov!.slice(0, -1), plain!.slice(1));
});

test("weight decay alone shrinks a parameter by 1 − lr·weightDecay", () => {
  const x = tf.variable(tf.tensor1d([4, -8]));
  new SGD({ x }, { lr: 0.5, weightDecay: 0.5 }).step({ x: tf.zeros([2]) });
  assert.deepEqual(Array.from(x.dataSync()), [3, -6]);
});

test("options out of their range are refused, a group's too", () => {
  const x = tf.variable(tf.zeros([2]));
  const create = (options: Partial<SGDOptions>) => () => new SGD({ x }, options);
  assert.throws(create({ lr: -0.1 }), /lr is -0\.1, expected a finite number from 0/);
  assert.throws(create({ lr: undefined }), /lr is undefined/);
  assert.throws(create({ momentum: -1 }), /momentum is -1/);
  assert.throws(create({ weightDecay: Number.NaN }), /weightDecay is NaN/);
  assert.throws(create({ nesterov: true }), /momentum is 0, expected more for Nesterov momentum/);
  assert.throws(
    create({ nesterov: true, momentum: 0.9, dampening: 0.1 }),
    /dampening is 0\.1, expected 0 for Nesterov momentum/,
  );
  assert.throws(create({ dampening: Number.NaN }), /dampening is NaN, expected a finite number/);
  assert.throws(create({ nesterov: "yes" as never }), /nesterov is yes, expected true or false/);
  assert.throws(create({ maximize: 1 as never }), /maximize is 1, expected true or false/);
  assert.throws(() => new SGD([{ parameters: { x }, lr: -1 }], { lr: 1 }), /lr is -1/);
});

test("the first gradient of each parameter is not dampened, whenever it comes, nor is it after a restart", () => {
  const [x, y] = [tf.variable(tf.tensor1d([0])), tf.variable(tf.tensor1d([0]))];
  const options = { lr: 1, momentum: 0.5, dampening: 0.75 };
  const sgd = new SGD({ x, y }, options);
  sgd.step({ x: tf.tensor1d([4]) });
  const state = sgd.state();
  const restarted = new SGD({ x, y }, options);
  restarted.restore(state);
  restarted.step({ x: tf.tensor1d([4]), y: tf.tensor1d([4]) });
  // The buffers: 4 · ½ + 4 · ¼ = 3 after 4, and 4.
  assert.deepEqual([x.dataSync()[0], y.dataSync()[0]], [-7, -4]);
});
