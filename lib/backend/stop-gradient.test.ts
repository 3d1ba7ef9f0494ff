import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "./compile/compile";
import { stopGradient } from "./stop-gradient";
import { tf } from "./tf";

const numbers = (tensor: tf.Tensor) => Array.from(tensor.dataSync());

test("keeps the values and passes no gradient", () => {
  const x = tf.tensor1d([2, 3]);
  assert.deepEqual(numbers(stopGradient(x)), [2, 3]);
  const gradient = tf.grad((x) => x.mul(stopGradient(x)).sum())(x);
  assert.deepEqual(numbers(gradient), [2, 3]);
});

test("the tensor and its copy can be disposed of independently, and neither leaks memory", () => {
  const before = tf.memory().numTensors;
  const x = tf.tensor1d([2, 3]);
  const first = stopGradient(x);
  x.dispose();
  assert.deepEqual(numbers(first), [2, 3]);
  first.dispose();
  assert.equal(tf.memory().numTensors, before);
});

test("in a compiled step it has the current value of a variable", () => {
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
