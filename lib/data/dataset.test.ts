import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../backend/tf";
import { TensorDataset } from "./dataset";

test("a data set of tensors gives the rows that are asked for, in their order, also where the tensors are gone", () => {
  const inputs = tf.tensor3d(
    Array.from({ length: 24 }, (_, i) => i),
    [4, 2, 3],
  );
  const targets = tf.tensor1d([7, 8, 9, 10], "int32");
  const dataset = new TensorDataset(inputs, targets);
  tf.dispose([inputs, targets]);
  const indices = tf.tensor1d([3, 0, 3], "int32");
  assert.equal(dataset.count, 4);
  assert.deepEqual(dataset.inputs(indices).shape, [3, 2, 3]);
  assert.deepEqual([...dataset.inputs(indices).dataSync()].slice(0, 7), [18, 19, 20, 21, 22, 23, 0]);
  assert.deepEqual([...dataset.targets(indices).dataSync()], [10, 7, 10]);
  assert.equal(dataset.targets(indices).dtype, "int32");
});

test("inputs and targets that are not as many, or none, are refused by their shapes", () => {
  const make = (inputs: number[], targets: number[]) => () =>
    new TensorDataset(tf.zeros(inputs), tf.zeros(targets));
  assert.throws(make([4, 2], [3]), /inputs are \[4,2\] and targets \[3\], expected one first axis/);
  assert.throws(make([0, 2], [0]), /expected one first axis, of 1 or more/);
  assert.throws(make([], []), /expected one first axis/);
});

test("dispose frees what the data set holds", () => {
  const before = tf.memory().numTensors;
  const x = tf.zeros([3, 2]);
  const dataset = new TensorDataset(x, x);
  x.dispose();
  dataset.dispose();
  assert.equal(tf.memory().numTensors, before);
});
