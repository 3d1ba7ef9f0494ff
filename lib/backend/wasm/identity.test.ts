import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../tf";
import { on } from "./testing/agreement";

test("a clone takes no memory and outlives the original", () => {
  on("wasm", () => {
    const before = tf.memory().numDataBuffers;
    const original = tf.tensor1d([1, 2, 3]);
    const clone = original.clone();
    assert.equal(tf.memory().numDataBuffers, before + 1);
    original.dispose();
    const next = tf.tensor1d([7, 8, 9]);
    assert.deepEqual(Array.from(clone.dataSync()), [1, 2, 3]);
    tf.dispose([clone, next]);
    assert.equal(tf.memory().numDataBuffers, before);
  });
});

test("assigning a variable leaves the tensor from which it was made unchanged", () => {
  on("wasm", () => {
    const start = tf.tensor1d([1, 2]);
    const variable = tf.variable(start);
    variable.assign(tf.tensor1d([5, 6]));
    assert.deepEqual(Array.from(start.dataSync()), [1, 2]);
    assert.deepEqual(Array.from(variable.dataSync()), [5, 6]);
  });
});
