import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../tf";
import { on } from "./testing/agreement";

const labels = () => tf.tensor1d([2, 0, -1, 5], "int32");

test("labels are encoded in any data type, and a label out of range as zeros", () => {
  const rows = [0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0];
  for (const type of ["int32", "float32", "bool"] as const) {
    const hot = on("wasm", () => tf.oneHot(labels(), 3, 1, 0, type));
    assert.deepEqual([hot.shape, hot.dtype], [[4, 3], type]);
    assert.deepEqual(
      on("wasm", () => Array.from(hot.dataSync())),
      rows,
    );
  }
});

test("on and off values may be fractions, as in label smoothing", () => {
  const smooth = on("wasm", () => Array.from(tf.oneHot(labels(), 3, 0.75, 0.125, "float32").dataSync()));
  assert.deepEqual(smooth.slice(0, 6), [0.125, 0.125, 0.75, 0.75, 0.125, 0.125]);
});
