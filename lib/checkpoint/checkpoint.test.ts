import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { tf } from "../backend/tf";
import { CheckpointError, readCheckpoint, writeCheckpoint } from "./checkpoint";
import { decodeSafetensors, encodeSafetensors } from "./safetensors";
import { composed } from "./state";
import { variablesState } from "./variables";

const folder = mkdtempSync(join(tmpdir(), "checkpoint-"));
after(() => rmSync(folder, { recursive: true }));
const path = join(folder, "a.safetensors");
const checkpoint = {
  key: "k",
  step: 3,
  state: {
    w: { shape: [2], values: Float32Array.of(1, 2) },
    n: { shape: [], values: Uint32Array.of(9) },
  },
  progress: { history: [{ step: 1, loss: 0.1 }], log: ["ü \u001b[0m"] },
};

test("a checkpoint is read back unchanged, and writing leaves no other file in its folder", () => {
  writeCheckpoint(path, checkpoint);
  writeCheckpoint(path, checkpoint);
  assert.deepEqual(readCheckpoint(path, "k"), checkpoint);
  assert.deepEqual(readdirSync(folder), ["a.safetensors"]);
});

test("detects any flipped bit of a checkpoint", () => {
  writeCheckpoint(path, checkpoint);
  const bytes = readFileSync(path);
  const flippedPath = join(folder, "flipped.safetensors");
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const flipped = Buffer.from(bytes);
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    writeFileSync(flippedPath, flipped);
    assert.throws(() => readCheckpoint(flippedPath, "k"), CheckpointError, `bit ${bit}`);
  }
  rmSync(flippedPath);
});

test("rejects a checkpoint that was altered or truncated, or has another key or format, and names its path", () => {
  writeCheckpoint(path, checkpoint);
  const bytes = readFileSync(path);
  const refused = (content: Uint8Array, message: RegExp, key = "k") => {
    writeFileSync(path, content);
    assert.throws(() => readCheckpoint(path, key), CheckpointError);
    assert.throws(() => readCheckpoint(path, key), message);
  };
  refused(bytes, /a\.safetensors cannot be used: its key is k, expected other/, "other");
  refused(bytes.subarray(0, -3), /a\.safetensors cannot be used: it is truncated/);
  const { state, metadata } = decodeSafetensors(bytes);
  const rewritten = encodeSafetensors(state, { ...metadata, step: "4" });
  refused(rewritten, /its SHA-256 is [0-9a-f]{64}, expected [0-9a-f]{64}/);
  refused(encodeSafetensors({}, {}), /its format is undefined, expected weightspace 2/);
  refused(
    encodeSafetensors({}, { ...metadata, format: "weightspace 1" }),
    /its format is weightspace 1, expected/,
  );
  refused(Buffer.from("{}"), /a\.safetensors cannot be used: it is truncated/);
  const nowhere = join(folder, "nowhere.safetensors");
  assert.throws(() => readCheckpoint(nowhere, "k"), CheckpointError);
});

test("the last array of a checkpoint is the SHA-256 of all bytes before it, as computed by sha256sum", () => {
  writeCheckpoint(path, { key: "k", step: 0, state: {}, progress: null });
  const bytes = readFileSync(path);
  const sha256sum = "128bef2a3824ce0b272004df56da042b861f5e88776f96f29468aa6331b51d76";
  assert.equal(bytes.toString("hex", bytes.length - 32), sha256sum);
});

test("rejects contents that could not be read back, and keeps the previous checkpoint", () => {
  writeCheckpoint(path, checkpoint);
  const refused = (change: object, message: RegExp) =>
    assert.throws(() => writeCheckpoint(path, { ...checkpoint, ...change }), message);
  for (const step of [-1, 0.5, Number.NaN, 2 ** 53]) refused({ step }, /step is .*, expected an integer ≥ 0/);
  refused({ progress: undefined }, /the progress of a checkpoint is undefined, expected JSON/);
  refused({ progress: [{ loss: Number.NaN }] }, /has NaN for "loss", which JSON cannot represent/);
  refused({ progress: Number.POSITIVE_INFINITY }, /has Infinity for "", which JSON cannot represent/);
  refused({ state: { __sha256__: checkpoint.state.w } }, /the array name __sha256__ is reserved/);
  refused(
    { state: { w: { shape: [3], values: Float32Array.of(1) } } },
    /"w" has 1 values for the shape \[3\]/,
  );
  assert.deepEqual(readCheckpoint(path, "k"), checkpoint);
  assert.ok(!existsSync(join(folder, "nowhere.safetensors")));
});

test("variables are restored by name, and a state that does not match changes none", () => {
  const variables = { a: tf.variable(tf.tensor1d([1, 2])), b: tf.variable(tf.scalar(3)) };
  const both = composed({ model: variablesState(variables) });
  const saved = both.state();
  assert.deepEqual(Object.keys(saved), ["model.a", "model.b"]);
  variables.a.assign(tf.tensor1d([5, 6]));
  assert.throws(() => both.restore({ "model.a": saved["model.a"]! }), /The state lacks \[b\]/);
  assert.throws(
    () => both.restore({ ...saved, "optimizer.a": saved["model.a"]! }),
    /The state has the arrays \[optimizer\.a\], expected only arrays of the parts \[model\]/,
  );
  const wrong = { ...saved, "model.b": { shape: [2], values: Float32Array.of(1, 2) } };
  assert.throws(() => both.restore(wrong), /"b" is \[2\].*expected \[\]/);
  assert.deepEqual([...variables.a.dataSync()], [5, 6]);
  both.restore(saved);
  assert.deepEqual([...variables.a.dataSync()], [1, 2]);
});

test("variables named like JavaScript's built-in properties are saved and restored", () => {
  const names = ["__proto__", "constructor", "hasOwnProperty"];
  const variables = Object.fromEntries(names.map((name, i) => [name, tf.variable(tf.scalar(i))]));
  const parts = composed({ model: variablesState(variables) });
  writeCheckpoint(path, { ...checkpoint, state: parts.state() });
  for (const name of names) variables[name]!.assign(tf.scalar(9));
  parts.restore(readCheckpoint(path, "k").state);
  assert.deepEqual(
    names.map((name) => variables[name]!.dataSync()[0]),
    [0, 1, 2],
  );
});
