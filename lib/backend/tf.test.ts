import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { inspect } from "node:util";
import { jupyterDisplay, type MimeBundle } from "../display/host";
import { onlyNative } from "./testing/only-native";
import { tf } from "./tf";

test("a tensor is displayed by its type, shape and values", () => {
  const tensor = tf.tensor2d([[1, 2.5]]) as tf.Tensor2D & { [jupyterDisplay](): MimeBundle };
  const text = String(tensor[jupyterDisplay]()["text/plain"]);
  for (const part of ["float32", "[1,2]", "2.5"]) assert.ok(text.includes(part), text);
});

test("console.log shows a tensor's type, shape and values, within objects too", () => {
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

/** The last line that a program prints in a process of its own, which has loaded tfjs and nothing of the library. */
function printed(program: string): string {
  const begin = `const tfjs = require("@tensorflow/tfjs"); const { tf } = require("./tf");`;
  const args = ["--require", "tsx/cjs", "--eval", begin + program];
  return execFileSync(process.execPath, args, { cwd: __dirname, encoding: "utf8" }).trim();
}

test("the first use of tf starts the backend, also where it is a product", () => {
  const product = "Array.from(tf.matMul([[1, 2]], [[3], [4]]).dataSync())";
  const running = 'require("./backend").backend().name === tfjs.getBackend()';
  assert.equal(printed(`console.log(JSON.stringify([${product}, ${running}]))`), "[[11],true]");
});

test("importing the library starts no backend and changes nothing of the process or of tfjs", () => {
  const state = `() => JSON.stringify([
    tfjs.getBackend(), process.env, Object.getOwnPropertySymbols(tfjs.Tensor.prototype).map(String),
    ["tensorflow", "wasm"].map((name) => tfjs.getKernelsForBackend(name).length),
    process.eventNames().map((name) => [String(name), process.listenerCount(name)]), Object.keys(globalThis).sort(),
  ])`;
  const program = `const state = ${state}; const before = state(); require("../index"); console.log(state() === before || state());`;
  assert.equal(printed(program), "true");
});

test("a step that is compiled before anything else is used is compiled for the backend that then runs", {
  skip: onlyNative("no step is compiled there"),
}, () => {
  const step = 'require("./compile/compile").compile((x) => x.mul(2))';
  assert.equal(
    printed(`const step = ${step}; step(tf.scalar(1)); console.log(step.programs() !== "")`),
    "true",
  );
});
