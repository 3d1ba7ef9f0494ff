import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "./compile/compile";
import { stopGradient } from "./stop-gradient";
import { tf } from "./tf";

const numbers = (tensor: tf.Tensor) => Array.from(tensor.dataSync());

test("the numbers are the same, and no gradient goes through them", () => {
  const x = tf.tensor1d([2, 3]);
  assert.deepEqual(numbers(stopGradient(x)), [2, 3]);
  const gradient = tf.grad((x) => x.mul(stopGradient(x)).sum())(x);
  assert.deepEqual(numbers(gradient), [2, 3]);
});

test("each of the two can be disposed of without the other, and both leave nothing", () => {
  const before = tf.memory().numTensors;
  const x = tf.tensor1d([2, 3]);
  const first = stopGradient(x);
  x.dispose();
  assert.deepEqual(numbers(first), [2, 3]);
  first.dispose();
  assert.equal(tf.memory().numTensors, before);
});

test("in a compiled step it is the present value of a variable", () => {
  const variable = tf.variable(tf.scalar(1));
  const step = compile((x: tf.Tensor) => {
    variable.assign(variable.mul(x));
    return stopGradient(variable).mul(1);
  });
  assert.deepEqual(
    [2, 3, 4].map((by) => numbers(step(tf.scalar(by)))[0]),
    [2, 6, 24],
  );
});
