import assert from "node:assert/strict";
import { test } from "node:test";
import { TorchGenerator } from "../random/torch";
import { ImageDataset } from "./image-dataset";
import { readLabelledImages } from "./labelled-images";
import { allDigits } from "./mnist";
import { withClasses, withPermutedPixels, withRandomLabels } from "./tasks";

/** `count` images of 2 × 2, as http://yann.lecun.com/exdb/mnist lays out its files, from 1 on. */
const images = (count: number) =>
  Uint8Array.of(
    0,
    0,
    8,
    3,
    0,
    0,
    0,
    count,
    0,
    0,
    0,
    2,
    0,
    0,
    0,
    2,
    ...Array.from({ length: 4 * count }, (_, i) => i + 1),
  );
const labels = (...values: number[]) => Uint8Array.of(0, 0, 8, 1, 0, 0, 0, values.length, ...values);
const filesOf = (imageFile: Uint8Array, labelFile: Uint8Array) =>
  new Map([
    ["train-images-idx3-ubyte", imageFile],
    ["train-labels-idx1-ubyte", labelFile],
  ]);

test("readLabelledImages reads images with their labels", () => {
  assert.deepEqual(readLabelledImages(filesOf(images(2), labels(7, 3)), "train", 3), {
    count: 2,
    images: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    labels: Uint8Array.of(7, 3),
  });
});

test("readLabelledImages names files that are missing, or of which one holds more than the other", () => {
  for (const values of [[1, 2, 3, 4, 5], [1, 2], []]) {
    assert.throws(() => readLabelledImages(filesOf(images(3), labels(...values)), "train", 3), {
      message: `train-images-idx3-ubyte has 3 images, but train-labels-idx1-ubyte ${values.length} labels`,
    });
  }
  assert.throws(
    () => readLabelledImages(filesOf(images(3), labels(1, 2, 3)), "test", 3),
    /test-images-idx3-ubyte is missing; there are train-images-idx3-ubyte, train-labels-idx1-ubyte/,
  );
});

test("readLabelledImages refuses files that are cut, longer than they say, or of another kind", () => {
  const altered = (at: number, byte: number) => images(2).map((value, i) => (i === at ? byte : value));
  for (const file of [
    images(2).subarray(0, -1),
    Uint8Array.of(...images(2), 0),
    images(2).subarray(0, 10),
    new Uint8Array(),
    altered(2, 9),
    altered(3, 1),
    altered(4, 255),
  ]) {
    assert.throws(
      () => readLabelledImages(filesOf(file, labels(1, 2)), "train", 3),
      /train-images-idx3-ubyte/,
    );
  }
});

test("what takes images with labels refuses those of which one lacks the other", () => {
  const generator = new TorchGenerator(0);
  const right = { count: 3, images: new Uint8Array(12), labels: Uint8Array.of(0, 1, 0) };
  for (const wrong of [
    { ...right, labels: Uint8Array.of(0, 1, 0, 1, 1) },
    { ...right, labels: Uint8Array.of(0, 1) },
    { ...right, images: new Uint8Array(11) },
    { ...right, count: 5, labels: new Uint8Array(5) },
    { ...right, count: 0 },
    { count: 3, images: new Uint8Array(), labels: new Uint8Array(3) },
  ]) {
    for (const use of [
      () => withClasses(wrong, [0]),
      () => withRandomLabels(wrong, 0.5, generator),
      () => withPermutedPixels(wrong, [0, 1, 2, 3]),
      () => new ImageDataset(wrong, { count: 1 }),
      () => allDigits({ train: right, test: wrong }),
    ]) {
      assert.throws(use, /expected \d+ images and as many labels, got \d+ bytes of images and \d+ labels/);
    }
  }
  const wider = { count: 1, images: new Uint8Array(5), labels: new Uint8Array(1) };
  assert.throws(() => allDigits({ train: right, test: wider }), /images of one size, got 4 and 5 bytes/);
});
