import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../tf";
import { assertAgreement, normal, on } from "./testing/agreement";

type Settings = {
  size: number | [number, number];
  strides: number | [number, number];
  pad: "valid" | "same" | number;
};

const settings: Record<string, Settings> = {
  "windows side by side": { size: 2, strides: 2, pad: "valid" },
  "overlapping windows": { size: 3, strides: 1, pad: "valid" },
  "same padding": { size: 3, strides: 2, pad: "same" },
  "padding by a number": { size: 3, strides: 2, pad: 1 },
  "windows and strides that are not square": { size: [3, 2], strides: [1, 2], pad: "valid" },
};

for (const [title, { size, strides, pad }] of Object.entries(settings)) {
  test(`the gradient of maximum pooling agrees with the cpu backend for ${title}`, () => {
    const gradient = tf.grad((x) => tf.maxPool(x as tf.Tensor4D, size, strides, pad).square());
    assertAgreement(() => [gradient(normal<tf.Tensor4D>([2, 7, 6, 3], 1))]);
    assertAgreement(() => [gradient(normal<tf.Tensor4D>([2, 7, 6, 3], 1).abs().neg())]);
  });
}

test("the first of equal maxima receives the gradient", () => {
  const gradient = tf.grad((x) => tf.maxPool(x as tf.Tensor4D, 2, 2, "valid"));
  const equal = () => tf.tensor4d([-1, -1, -1, -1, 0, 2, 2, 1], [2, 2, 2, 1]);
  assert.deepEqual(
    on("wasm", () => Array.from(gradient(equal()).dataSync())),
    [1, 0, 0, 0, 0, 1, 0, 0],
  );
});
