import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../tf";
import { assertAgreement, normal, on } from "./testing/agreement";

type Settings = {
  strides: number | [number, number];
  pad: Parameters<typeof tf.conv2d>[3];
  filter?: [number, number];
};

const settings: Record<string, Settings> = {
  "no padding": { strides: 1, pad: "valid" },
  "same padding": { strides: 1, pad: "same" },
  "an even filter and same padding": { strides: 1, pad: "same", filter: [2, 4] },
  "padding by a number": { strides: 1, pad: 2 },
  "uneven explicit padding": {
    strides: 1,
    pad: [
      [0, 0],
      [1, 2],
      [0, 3],
      [0, 0],
    ],
  },
  "a stride that leaves rows unused": { strides: 2, pad: "valid", filter: [3, 2] },
  "a stride and same padding": { strides: 2, pad: "same" },
  "unequal strides": {
    strides: [3, 2],
    pad: [
      [0, 0],
      [1, 0],
      [0, 2],
      [0, 0],
    ],
  },
  "a stride wider than the filter": { strides: 3, pad: "valid", filter: [2, 1] },
  "a filter of one pixel": { strides: 1, pad: "valid", filter: [1, 1] },
};

for (const [title, { strides, pad, filter = [3, 3] }] of Object.entries(settings)) {
  test(`the gradient of a convolution with respect to its filter agrees with the cpu backend for ${title}`, () => {
    const images = () => normal<tf.Tensor4D>([2, 8, 7, 3], 1);
    const gradient = tf.grad((kernel) => tf.conv2d(images(), kernel as tf.Tensor4D, strides, pad).square());
    assertAgreement(() => [gradient(normal<tf.Tensor4D>([...filter, 3, 4], 2))]);
  });
}

test("the gradient with respect to the filter rejects channels-first images", () => {
  const inputs = () => ({ x: normal([1, 3, 5, 5], 1), dy: normal([1, 4, 3, 3], 2) });
  const attributes = { strides: 1, pad: "valid", dataFormat: "NCHW", filterShape: [3, 3, 3, 4] };
  on("wasm", () =>
    assert.throws(
      () => tf.engine().runKernel("Conv2DBackpropFilter", inputs(), attributes),
      /NHWC, got NCHW/,
    ),
  );
});
