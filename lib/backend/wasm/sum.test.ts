import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../tf";
import { assertAgreement, normal, on } from "./testing/agreement";

test("sums and means along any axes agree with the cpu backend", () => {
  for (const shape of [[7], [3, 130], [4, 5, 7, 6], [2, 1000], [1, 1]]) {
    const x = () => normal(shape, 1);
    for (const axes of [undefined, 0, -1, [...shape.keys()], [...shape.keys()].slice(1)]) {
      for (const keepDims of [false, true]) {
        assertAgreement(() => [x().sum(axes, keepDims), x().mean(axes, keepDims)]);
      }
    }
  }
});

test("sums of integers and booleans are int32, and the mean of integers is float32", () => {
  assertAgreement(() => {
    const integers = tf.tensor2d([1, -2, 3, 4], [2, 2], "int32");
    return [integers.sum(0), integers.greater(0).sum(), integers.mean(1)];
  });
});

test("the sum over an empty axis is 0", () => {
  assertAgreement(() => [tf.zeros([0, 3]).sum(0), tf.zeros([0]).sum()]);
});

test("sums and means of a million numbers are accurate to float32 precision", () => {
  const million = 1_000_003;
  const [total, average] = on("wasm", () => {
    const tenths = tf.fill([million], 0.1);
    return [tenths.sum().dataSync()[0]!, tenths.mean().dataSync()[0]!];
  });
  const tenth = Math.fround(0.1);
  assert.ok(Math.abs(total! / (million * tenth) - 1) < 2e-7);
  assert.ok(Math.abs(average! / tenth - 1) < 2e-7);
});

test("the gradients of sums and means agree with the cpu backend", () => {
  assertAgreement(() => [
    tf.grad((x) => x.sum(0).square())(normal([200, 3], 1)),
    tf.grad((x) => x.mean().square())(normal([20, 30], 1)),
  ]);
});
