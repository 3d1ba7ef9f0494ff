import assert from "node:assert/strict";
import { test } from "node:test";
import { loadMnist, MNIST_PIXELS } from "./mnist";
import "../notebook/use-environment";

const counts = (labels: Uint8Array) => {
  const count = new Array<number>(10).fill(0);
  for (const label of labels) count[label]! += 1;
  return count;
};

test("loadMnist gives the digits of MNIST with its known counts and statistics", async () => {
  const { train, test: held } = await loadMnist();
  assert.deepEqual([train.count, held.count], [60000, 10000]);
  assert.equal(train.images.length, 60000 * MNIST_PIXELS);
  assert.equal(held.images.length, 10000 * MNIST_PIXELS);
  assert.deepEqual(counts(train.labels), [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
  assert.deepEqual(counts(held.labels), [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
  assert.deepEqual([...train.labels.slice(0, 5)], [5, 0, 4, 1, 9]);
  // The mean and standard deviation with which everybody normalises MNIST.
  let sum = 0;
  let squares = 0;
  for (const pixel of train.images) {
    sum += pixel / 255;
    squares += (pixel / 255) ** 2;
  }
  const mean = sum / train.images.length;
  assert.equal(mean.toFixed(4), "0.1307");
  assert.equal(Math.sqrt(squares / train.images.length - mean ** 2).toFixed(4), "0.3081");
});
