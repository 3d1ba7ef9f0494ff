import assert from "node:assert/strict";
import { test } from "node:test";
import { ImageDataset } from "./image-dataset";
import { loadMnist } from "./mnist";
import "../notebook/use-environment";

const images = {
  count: 3,
  images: Uint8Array.of(0, 255, 51, 1, 2, 3),
  labels: Uint8Array.of(7, 8, 9),
};

test("inputs are bytes over 255 in float32, a row an image, in the order asked for", () => {
  const examples = new ImageDataset(images);
  const inputs = examples.inputs(Int32Array.of(2, 0));
  assert.deepEqual(inputs.shape, [2, 2]);
  assert.deepEqual([...inputs.dataSync()], [2 / 255, 3 / 255, 0, 1].map(Math.fround));
  assert.deepEqual([...examples.targets(Int32Array.of(2, 0)).dataSync()], [9, 7]);
});

test("the training digits have the mean and deviation that PyTorch's MNIST example normalizes by", async () => {
  const { train } = await loadMnist();
  const all = Int32Array.from({ length: train.count }, (_, i) => i);
  const values = new ImageDataset(train, { mean: 0.1307, deviation: 0.3081 })
    .inputs(all)
    .dataSync<"float32">();
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  assert.ok(Math.abs(mean) < 2e-4 && Math.abs(variance - 1) < 2e-4, `${mean}, ${variance}`);
});

test("means and deviations may be one for each channel", () => {
  const twoChannels = { count: 1, images: Uint8Array.of(0, 255, 51, 102), labels: Uint8Array.of(0) };
  const pixels = new ImageDataset(twoChannels, { mean: [0.5, 0], deviation: [0.25, 2] }).inputs(
    Int32Array.of(0),
  );
  assert.deepEqual([...pixels.dataSync()], [-2, 2, 0.1, 0.2].map(Math.fround));
  assert.throws(
    () => new ImageDataset(twoChannels, { mean: [0, 0, 0] }),
    /expected a number for each channel of 4 pixels, got \[0,0,0\]/,
  );
  assert.throws(() => new ImageDataset(twoChannels, { deviation: [1, 0] }), /a positive deviation, got 1,0/);
});

test("images are taken from any first one on, with their classes", () => {
  const examples = new ImageDataset(images, { first: 1, count: 1 });
  assert.equal(examples.count, 1);
  assert.deepEqual([...examples.inputs(Int32Array.of(0)).dataSync()], [51 / 255, 1 / 255].map(Math.fround));
  assert.deepEqual([...examples.targets(Int32Array.of(0)).dataSync()], [8]);
  assert.equal(new ImageDataset(images, { first: 1 }).count, 2);
});

test("only the first images count where a number is given; more than there are is refused", () => {
  assert.equal(new ImageDataset(images, { count: 2 }).count, 2);
  assert.throws(() => new ImageDataset(images, { count: 4 }), /expected 1 to 3 images, got 4/);
  assert.throws(
    () => new ImageDataset(images, { first: 1, count: 3 }),
    /1 to 2 images from image 1 on, got 3/,
  );
  assert.throws(() => new ImageDataset(images, { first: -1 }), /first is -1, expected an integer ≥ 0/);
  assert.throws(
    () => new ImageDataset(images, { first: 3 }),
    /expected 1 to 0 images from image 3 on, got 0/,
  );
  assert.throws(() => new ImageDataset(images, { deviation: 0 }), /expected a positive deviation, got 0/);
});
