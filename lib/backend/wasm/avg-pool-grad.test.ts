import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../tf";
import { assertAgreement, normal, on } from "./testing/agreement";

test("the gradient of average pooling without padding agrees with the cpu backend", () => {
  const gradient = tf.grad((x) => tf.avgPool(x as tf.Tensor4D, [3, 2], [2, 1], "valid").square());
  assertAgreement(() => [gradient(normal([2, 7, 6, 3], 1))]);
});

test("a pixel has a larger share of a window that lies partly in the padding", () => {
  const gradient = tf.grad((x) => tf.avgPool(x as tf.Tensor4D, 2, 2, "same"));
  const shares = on("wasm", () =>
    gradient(tf.ones([1, 3, 3, 1]))
      .reshape([3, 3])
      .arraySync(),
  );
  assert.deepEqual(shares, [
    [0.25, 0.25, 0.5],
    [0.25, 0.25, 0.5],
    [0.5, 0.5, 1],
  ]);
});
