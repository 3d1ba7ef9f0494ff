import { test } from "node:test";
import { tf } from "../tf";
import { assertAgreement, normal } from "./testing/agreement";

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
      [0, 1],
      [0, 0],
    ],
  },
  "padding as wide as the filter": {
    strides: 1,
    pad: [
      [0, 0],
      [3, 3],
      [0, 4],
      [0, 0],
    ],
  },
  "a stride": { strides: 2, pad: "same" },
  "unequal strides": { strides: [1, 2], pad: "valid" },
  "a filter of one pixel": { strides: 1, pad: "valid", filter: [1, 1] },
};

for (const [title, { strides, pad, filter = [3, 3] }] of Object.entries(settings)) {
  test(`the gradient of a convolution with respect to its images agrees with the cpu backend for ${title}`, () => {
    const kernel = () => normal<tf.Tensor4D>([...filter, 3, 4], 2);
    const gradient = tf.grad((images) => tf.conv2d(images as tf.Tensor4D, kernel(), strides, pad).square());
    assertAgreement(() => [gradient(normal<tf.Tensor4D>([2, 8, 7, 3], 1))]);
  });
}

test("a transposed convolution agrees with the cpu backend", () => {
  assertAgreement(() => [
    tf.conv2dTranspose(
      normal<tf.Tensor4D>([2, 6, 5, 4], 1),
      normal<tf.Tensor4D>([3, 3, 3, 4], 2),
      [2, 8, 7, 3],
      1,
      "valid",
    ),
  ]);
});
