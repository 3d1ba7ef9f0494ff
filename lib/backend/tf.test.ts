import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { inspect } from "node:util";
import { jupyterDisplay, type MimeBundle } from "../display/host";
import { onlyNative } from "./testing/only-native";
import { tf } from "./tf";

test("Jupyter displays a tensor's type, shape and values", () => {
  const tensor = tf.tensor2d([[1, 2.5]]) as tf.Tensor2D & { [jupyterDisplay](): MimeBundle };
  const text = String(tensor[jupyterDisplay]()["text/plain"]);
  for (const part of ["float32", "[1,2]", "2.5"]) assert.ok(text.includes(part), text);
});

test("console.log prints a tensor's type, shape and values, also inside objects", () => {
  const tensor = tf.tensor2d([[1, 2.5]]);
  const variable = tf.variable(tensor);
  for (const shown of [tensor, variable, { weight: tensor }, [variable]]) {
    const text = inspect(shown);
    for (const part of ["float32", "[1,2]", "2.5"]) assert.ok(text.includes(part), text);
    assert.ok(!text.includes("dataId"), text);
  }
  tf.dispose([tensor, variable]);
  assert.match(inspect(tensor), /float32.*\[1,2\].*disposed/s);
});

/** The trimmed output of a program in a separate process, where `tfjs` and the library's `tf` are defined. */
function printed(program: string): string {
  const begin = `const tfjs = require("@tensorflow/tfjs"); const { tf } = require("./tf");`;
  const args = ["--require", "tsx/cjs", "--eval", begin + program];
  return execFileSync(process.execPath, args, { cwd: __dirname, encoding: "utf8" }).trim();
}

test("the first operation on tf starts the backend", () => {
  const product = "Array.from(tf.matMul([[1, 2]], [[3], [4]]).dataSync())";
  const running = 'require("./backend").backend().name === tfjs.getBackend()';
  assert.equal(printed(`console.log(JSON.stringify([${product}, ${running}]))`), "[[11],true]");
});

test("importing the library starts no backend and leaves the process and tfjs unchanged", () => {
  const state = `() => JSON.stringify([
    tfjs.getBackend(), process.env, Object.getOwnPropertySymbols(tfjs.Tensor.prototype).map(String),
    ["tensorflow", "wasm"].map((name) => tfjs.getKernelsForBackend(name).length),
    process.eventNames().map((name) => [String(name), process.listenerCount(name)]), Object.keys(globalThis).sort(),
  ])`;
  const program = `const state = ${state}; const before = state(); require("../index"); console.log(state() === before || state());`;
  assert.equal(printed(program), "true");
});

test("compiling a step before any other use of tf starts the backend and compiles for it", {
  skip: onlyNative("the other backends compile no steps"),
}, () => {
  const step = 'require("./compile/compile").compile((x) => x.mul(2))';
  assert.equal(
    printed(`const step = ${step}; step(tf.scalar(1)); console.log(step.programs() !== "")`),
    "true",
  );
});
