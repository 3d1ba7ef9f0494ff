import assert from "node:assert/strict";
import os from "node:os";
import { test } from "node:test";
import { ByteRows } from "./byte-rows";
import { onlyNative } from "./testing/only-native";
import { tf } from "./tf";

const table = (rows: number, width: number, from = 0) =>
  Uint8Array.from({ length: from + rows * width }, (_, i) => (i * 89 + 7) % 256).subarray(from);

test("rows of any width are returned as their bytes, in the requested order", () => {
  for (const [width, from] of [
    [4, 0],
    [8, 4],
    [8, 1],
    [5, 0],
    [1, 3],
    [784, 0],
  ] as const) {
    const bytes = table(6, width, from);
    const taken = new ByteRows(bytes, width).take(tf.tensor1d([5, 0, 5, 2], "int32"));
    assert.deepEqual([taken.shape, taken.dtype], [[4, width], "float32"]);
    const expected = [5, 0, 5, 2].flatMap((row) => [...bytes.subarray(row * width, (row + 1) * width)]);
    assert.deepEqual([...taken.dataSync()], expected);
  }
});

test("rejects bytes that do not form whole rows", () => {
  assert.throws(() => new ByteRows(new Uint8Array(7), 2), /7 bytes do not form whole rows of 2 bytes/);
  assert.throws(() => new ByteRows(new Uint8Array(0), 0), /0 bytes do not form whole rows of 0 bytes/);
});

test("rejects a data set that does not fit into memory", {
  skip: onlyNative("the other backends make no tensor of the data set"),
}, (t) => {
  const rows = new ByteRows(table(6, 8), 8);
  t.mock.method(os, "freemem", () => 40);
  assert.throws(
    () => rows.take(tf.tensor1d([0], "int32")),
    /6 rows of 8 bytes needs 0 MiB, but only 0 MiB of memory is free/,
  );
});

test("taking rows keeps at most one tensor, which dispose frees", () => {
  const rows = new ByteRows(table(6, 8), 8);
  const take = () => tf.tidy(() => void rows.take(tf.tensor1d([1], "int32")));
  const before = tf.memory().numTensors;
  for (let i = 0; i < 3; i++) take();
  assert.ok(tf.memory().numTensors <= before + 1);
  rows.dispose();
  assert.equal(tf.memory().numTensors, before);
});
