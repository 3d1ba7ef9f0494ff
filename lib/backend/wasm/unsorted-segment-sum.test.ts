import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../tf";
import { assertAgreement, normal, on } from "./testing/agreement";

test("rows are summed by segment, empty segments are zero, and rows with an id out of range are dropped", () => {
  const rows = () =>
    tf.tensor2d([
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
      [9, 10],
    ]);
  const ids = () => tf.tensor1d([0, 2, 0, -1, 3], "int32");
  const sums = on("wasm", () => tf.unsortedSegmentSum(rows(), ids(), 3).arraySync());
  assert.deepEqual(sums, [
    [6, 8],
    [0, 0],
    [3, 4],
  ]);
});

test("the gradient of gather accumulates over repeated indices along any axis", () => {
  const indices = () => tf.tensor1d([3, 1, 1], "int32");
  for (const axis of [0, 1]) {
    const gradient = tf.grad((x) => tf.gather(x, indices(), axis).square());
    assertAgreement(() => [gradient(normal([4, 5], 1))]);
  }
});
