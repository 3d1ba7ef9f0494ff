import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { projectFolder } from "../notebook/project";
import { backend, backendText } from "./backend";
import { onlyNative } from "./testing/only-native";
import { tf } from "./tf";

const folder = mkdtempSync(join(tmpdir(), "backend-"));
after(() => rmSync(folder, { recursive: true }));

const print = `
  require("./lib/notebook/use-environment");
  const { tf } = require("./lib/backend/tf");
  const { backend } = require("./lib/backend/backend");
  const product = Array.from(tf.matMul([[1, 2]], [[3], [4]]).dataSync());
  console.log(JSON.stringify({ ...backend(), product, running: tf.getBackend() }));`;

/** Starts the backend in a separate process: the backend that it chose, and its standard error output. */
function chosenWith(env: Record<string, string>) {
  const { stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "--eval", print], {
    cwd: projectFolder,
    env: { ...process.env, WEIGHTSPACE_BACKEND: "", ...env },
    encoding: "utf8",
  });
  return { chosen: stdout ? JSON.parse(stdout) : undefined, error: stderr };
}

test("the reported backend is the one that runs", () => {
  const { name, device, version } = backend();
  assert.equal(tf.getBackend(), name);
  assert.ok(backendText().includes(version) && backendText().includes(device.toUpperCase()));
});

test("without a TensorFlow binding the WebAssembly backend runs at once and says what is missing", () => {
  const { chosen } = chosenWith({ WEIGHTSPACE_TENSORFLOW: folder });
  assert.deepEqual([chosen.name, chosen.running, chosen.product], ["wasm", "wasm", [11]]);
  assert.match(chosen.why, /holds no TensorFlow binding; npm run setup builds it/);
});

test("a backend can be chosen by name, also the JavaScript one", () => {
  const { chosen } = chosenWith({ WEIGHTSPACE_BACKEND: "cpu" });
  assert.deepEqual([chosen.name, chosen.why, chosen.product], ["cpu", "the setting backend is cpu", [11]]);
});

test("throws for an unknown backend and for a chosen one that cannot load", () => {
  const missing = chosenWith({ WEIGHTSPACE_BACKEND: "tensorflow", WEIGHTSPACE_TENSORFLOW: folder });
  assert.match(missing.error, /holds no TensorFlow binding/);
  const unknown = chosenWith({ WEIGHTSPACE_BACKEND: "cuda" });
  assert.match(unknown.error, /the setting backend is "cuda"; expected tensorflow, wasm, cpu/);
});

test("a damaged binding, or one for another version or platform, is not loaded and the error names it", () => {
  const { version } = require("@tensorflow/tfjs-node-gpu/package.json");
  const platform = `${process.platform}-${process.arch}`;
  const description = { tensorflow: "2.21.0", "tfjs-node-gpu": version, device: "cpu", platform };
  const describe = (changes: Record<string, string>) =>
    writeFileSync(join(folder, "binding.json"), JSON.stringify({ ...description, ...changes }));
  const force = () => chosenWith({ WEIGHTSPACE_BACKEND: "tensorflow", WEIGHTSPACE_TENSORFLOW: folder }).error;
  describe({ "tfjs-node-gpu": "3.0.0" });
  assert.match(force(), /is for @tensorflow\/tfjs-node-gpu 3\.0\.0, expected 4/);
  describe({ platform: "beos-ppc" });
  assert.match(force(), /is for platform beos-ppc, expected/);
  describe({});
  writeFileSync(join(folder, "tfjs_binding.node"), "damaged");
  assert.match(force(), /Error: .*tfjs_binding\.node/);
});

test("TensorFlow runs with the requested number of threads and rejects one that is not a positive integer", {
  skip: onlyNative("the other backends have one thread"),
}, () => {
  const env = { WEIGHTSPACE_BACKEND: "tensorflow" };
  assert.equal(chosenWith({ ...env, WEIGHTSPACE_THREADS: "1" }).chosen.threads, 1);
  const { error } = chosenWith({ ...env, WEIGHTSPACE_THREADS: "two" });
  assert.match(error, /WEIGHTSPACE_THREADS is "two"; expected a positive integer/);
});

test("the threads parallelize kernels by default, or batches on request", {
  skip: onlyNative("the other backends have one thread"),
}, () => {
  const chosen = (parallel: string) =>
    chosenWith({ WEIGHTSPACE_BACKEND: "tensorflow", WEIGHTSPACE_PARALLEL: parallel });
  assert.equal(chosen("").chosen.parallel, "kernels");
  assert.equal(chosen("batches").chosen.parallel, "batches");
  assert.match(chosen("all").error, /the setting parallel is "all"; expected kernels or batches/);
});
