import assert from "node:assert/strict";
import { test } from "node:test";
import { onlyNative } from "./testing/only-native";
import { tf } from "./tf";

// These tests hold on every backend; on TensorFlow they run the kernels that this library substitutes.
const numbers = (tensor: tf.Tensor) => Array.from(tensor.dataSync());

test("multiplies a matrix by a vector, with either one transposed", () => {
  const a = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
  const column = tf.tensor2d([1, 10, 100], [3, 1]);
  assert.deepEqual(numbers(tf.matMul(a, column)), [321, 654]);
  assert.deepEqual(numbers(tf.matMul(column, a, true, true)), [321, 654]);
  assert.deepEqual(numbers(tf.matMul(a, tf.tensor2d([1, 10], [2, 1]), true)), [41, 52, 63]);
});

test("a bias is added to each row or pixel, and its gradient sums over them", () => {
  const bias = tf.tensor1d([1, 2]);
  for (const shape of [
    [3, 2],
    [1, 2, 3, 2],
  ]) {
    const x = tf.range(0, tf.util.sizeFromShape(shape)).reshape(shape);
    const sum = numbers(x.add(bias));
    assert.deepEqual(
      sum,
      [...sum.keys()].map((i) => i + 1 + (i % 2)),
    );
    const gradient = tf.grad((b) => x.add(b).mul(x).sum())(bias);
    const ofColumn = (column: number) =>
      [...sum.keys()].filter((i) => i % 2 === column).reduce((a, b) => a + b);
    assert.deepEqual(numbers(gradient), [ofColumn(0), ofColumn(1)]);
  }
});

test("integers and other broadcasts are still added correctly", () => {
  const integers = tf.tensor2d([1, 2, 3, 4], [2, 2], "int32");
  assert.deepEqual(numbers(integers.add(tf.tensor1d([10, 20], "int32"))), [11, 22, 13, 24]);
  assert.deepEqual(numbers(tf.tensor1d([1, 2]).add(tf.tensor2d([10, 20], [2, 1]))), [11, 12, 21, 22]);
});

test("the first and second gradients of a ReLU pass where the input is positive", () => {
  const x = tf.tensor1d([-1, 0, 2, 3]);
  const first = tf.grad((x) => x.relu().square().sum());
  assert.deepEqual(numbers(first(x)), [0, 0, 4, 6]);
  assert.deepEqual(numbers(tf.grad((x) => first(x).sum())(x)), [0, 0, 2, 2]);
});

test("gather returns rows in any order, and its gradient accumulates over repeated indices", () => {
  const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
  const indices = tf.tensor1d([2, 0, 2], "int32");
  assert.deepEqual(numbers(tf.gather(x, indices)), [5, 6, 1, 2, 5, 6]);
  assert.deepEqual(numbers(tf.grad((x: tf.Tensor) => tf.gather(x, indices).sum())(x)), [1, 1, 0, 0, 2, 2]);
});

test("gather rejects an index out of range", {
  skip: onlyNative("the other backends do not check indices"),
}, () => {
  const x = tf.zeros([3, 2]);
  assert.throws(() => tf.gather(x, tf.tensor1d([3], "int32")), /indices\[0\] = 3 is not in \[0, 3\)/);
});
