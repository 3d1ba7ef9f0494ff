import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { tf } from "../tf";
import { assertAgreement, normal } from "./testing/agreement";

/** The output of a script in a new process, where `tf` and `registerWasm` are defined and still unused. */
function printed(script: string): string {
  const begin = `const tf = require("@tensorflow/tfjs");
    const { registerWasm } = require(${JSON.stringify(join(__dirname, "index"))});`;
  return execFileSync(process.execPath, ["--require", "tsx/cjs", "--eval", begin + script], {
    encoding: "utf8",
  }).trim();
}

test("the first operation on the wasm backend runs synchronously", () => {
  const script = `registerWasm();
    registerWasm();
    tf.setBackend("wasm");
    console.log(tf.getBackend(), tf.tensor([1, 2, 3]).square().dataSync().join());`;
  assert.equal(printed(script), "wasm 1,4,9");
});

test("a damaged WebAssembly file throws an error with the cause and registers no backend", () => {
  const script = `const fs = require("fs");
    const read = fs.readFileSync;
    fs.readFileSync = (file, how) => (String(file).endsWith(".wasm") ? Buffer.from("damaged") : read(file, how));
    try {
      registerWasm();
    } catch (error) {
      console.log(error.message, tf.findBackendFactory("wasm"));
    }`;
  assert.match(printed(script), /^tfjs's WebAssembly program cannot be started: .*magic word.* null$/);
});

/** The operations of a training step other than products, convolutions and pooling. */
const operations: Record<string, (x: tf.Tensor2D) => tf.Tensor> = {
  logSoftmax: (x) => tf.logSoftmax(x),
  softmaxCrossEntropy: (x) => tf.losses.softmaxCrossEntropy(tf.oneHot([1, 0, 3, 2], 5, 1, 0, "float32"), x),
  concat: (x) => tf.concat([x, x.square()], 1),
  pad: (x) =>
    tf.pad(x, [
      [1, 2],
      [0, 1],
    ]),
  slice: (x) => tf.slice(x, [1, 2], [2, 3]),
  tile: (x) => tf.tile(x, [2, 3]),
  stack: (x) => tf.stack(tf.unstack(x).reverse()),
  transpose: (x) => tf.transpose(x),
  mean: (x) => x.mean(0),
  max: (x) => x.max(1),
  norm: (x) => tf.norm(x),
  sigmoid: (x) => tf.sigmoid(x),
  tanh: (x) => tf.tanh(x),
};

for (const [title, f] of Object.entries(operations)) {
  test(`${title} and its gradient agree with the cpu backend`, () => {
    const x = () => normal<tf.Tensor2D>([4, 5], 1);
    assertAgreement(() => [f(x()), tf.grad((at) => f(at as tf.Tensor2D).square())(x())]);
  });
}

test("argMax, topk and counts agree with the cpu backend", () => {
  const scores = () => normal<tf.Tensor2D>([4, 5], 1);
  assertAgreement(() => {
    const { values, indices } = tf.topk(scores(), 3);
    return [values, indices, scores().argMax(1), tf.equal(scores().argMax(1), [1, 2, 3, 4]).sum()];
  });
});
