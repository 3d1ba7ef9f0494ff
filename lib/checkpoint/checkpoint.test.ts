import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { tf } from "../backend/tf";
import { readCheckpoint, writeCheckpoint } from "./checkpoint";
import { composed } from "./state";
import { variablesState } from "./variables";

const folder = mkdtempSync(join(tmpdir(), "checkpoint-"));
after(() => rmSync(folder, { recursive: true }));
const path = join(folder, "a.safetensors");
const checkpoint = {
  key: "k",
  step: 3,
  state: { w: { shape: [2], values: Float32Array.of(1, 2) } },
  progress: { history: [{ step: 1, loss: 0.1 }] },
};

test("a checkpoint is read as it was written, and nothing else is left in its folder", () => {
  writeCheckpoint(path, checkpoint);
  writeCheckpoint(path, checkpoint);
  assert.deepEqual(readCheckpoint(path, "k"), checkpoint);
  assert.deepEqual(readdirSync(folder), ["a.safetensors"]);
});

test("a checkpoint that was cut, altered, or is of another configuration is refused with its path", () => {
  writeCheckpoint(path, checkpoint);
  const bytes = readFileSync(path);
  assert.throws(
    () => readCheckpoint(path, "other"),
    /a\.safetensors.*its configuration is k, expected other/,
  );
  writeFileSync(path, bytes.subarray(0, -3));
  assert.throws(() => readCheckpoint(path, "k"), /a\.safetensors cannot be used: it was cut/);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(path, bytes);
  assert.throws(() => readCheckpoint(path, "k"), /its sha256 is [0-9a-f]{64}, expected [0-9a-f]{64}/);
});

test("variables are restored by name, and a state that does not fit changes none", () => {
  const variables = { a: tf.variable(tf.tensor1d([1, 2])), b: tf.variable(tf.scalar(3)) };
  const both = composed({ model: variablesState(variables) });
  const saved = both.state();
  assert.deepEqual(Object.keys(saved), ["model.a", "model.b"]);
  variables.a.assign(tf.tensor1d([5, 6]));
  assert.throws(() => both.restore({ "model.a": saved["model.a"]! }), /The state lacks \[b\]/);
  const wrong = { ...saved, "model.b": { shape: [2], values: Float32Array.of(1, 2) } };
  assert.throws(() => both.restore(wrong), /"b" is \[2\].*expected \[\]/);
  assert.deepEqual([...variables.a.dataSync()], [5, 6]);
  both.restore(saved);
  assert.deepEqual([...variables.a.dataSync()], [1, 2]);
});
