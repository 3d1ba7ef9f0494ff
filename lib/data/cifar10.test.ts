import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { CIFAR10_CLASSES, CIFAR10_FEATURES, type Cifar10, loadCifar10 } from "./cifar10";
import { dataFolder, datasetNamed } from "./fetch/manifest";
import type { LabelledImages } from "./labelled-images";
import "../notebook/use-environment";

const isFetched = datasetNamed("cifar10").files.every(({ name }) =>
  existsSync(join(dataFolder(), "cifar10", name)),
);
const skip = isFetched ? false : "CIFAR-10 is not there; npm run data -- cifar10 fetches it";

/** A histogram a channel, of 256 values, over `count` images from `first`. */
function histograms({ images }: LabelledImages): Float64Array[] {
  const plane = CIFAR10_FEATURES / 3;
  const counts = [0, 1, 2].map(() => new Float64Array(256));
  for (let start = 0, channel = 0; start < images.length; start += plane, channel = (channel + 1) % 3) {
    const histogram = counts[channel]!;
    for (let i = start; i < start + plane; i++) histogram[images[i]!]! += 1;
  }
  return counts;
}

/** The mean and the deviation (over n) of values between 0 and 1. */
function moments(histogram: Float64Array): { mean: number; deviation: number } {
  const total = histogram.reduce((sum, count) => sum + count);
  const mean = histogram.reduce((sum, count, byte) => sum + count * (byte / 255), 0) / total;
  const variance = histogram.reduce((sum, count, byte) => sum + count * (byte / 255 - mean) ** 2, 0) / total;
  return { mean, deviation: Math.sqrt(variance) };
}

/** A batch as the data set's binary version holds it: each label before its image. */
function binaryBatchHash({ images, labels }: LabelledImages, first: number): string {
  const hash = createHash("sha256");
  for (let i = first; i < first + 10_000; i++) {
    hash.update(labels.subarray(i, i + 1));
    hash.update(images.subarray(i * CIFAR10_FEATURES, (i + 1) * CIFAR10_FEATURES));
  }
  return hash.digest("hex");
}

describe("loadCifar10", { skip }, () => {
  let data: Cifar10;
  before(async () => {
    data = await loadCifar10();
  });

  test("gives 50,000 images to train on and 10,000 to test, as many of each class", () => {
    for (const [{ count, images, labels }, perClass] of [
      [data.train, 5000],
      [data.test, 1000],
    ] as const) {
      assert.equal(count, 10 * perClass);
      assert.equal(images.length, count * CIFAR10_FEATURES);
      const counts = CIFAR10_CLASSES.map((_, label) => labels.filter((other) => other === label).length);
      assert.deepEqual(counts, new Array(10).fill(perClass));
    }
  });

  test("begins with the known labels", () => {
    assert.deepEqual([...data.train.labels.subarray(0, 10)], [6, 9, 9, 4, 1, 1, 2, 7, 8, 3]);
    assert.deepEqual([...data.test.labels.subarray(0, 10)], [3, 8, 8, 0, 6, 6, 1, 6, 3, 1]);
  });

  test("has the channel means and deviations with which everybody normalises it", () => {
    const channels = histograms(data.train).map(moments);
    const digits = (numbers: number[]) => numbers.map((number) => number.toFixed(8));
    assert.deepEqual(digits(channels.map(({ mean }) => mean)), ["0.49139968", "0.48215841", "0.44653091"]);
    assert.deepEqual(digits(channels.map(({ deviation }) => deviation)), [
      "0.24703223",
      "0.24348513",
      "0.26158784",
    ]);
  });

  test("is the binary version of the data set's home page, byte for byte", () => {
    // The hashes of data_batch_1.bin to data_batch_5.bin and of test_batch.bin that torchvision-ruby publishes.
    const published = [
      "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
      "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
      "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
      "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
      "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
      "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b",
    ];
    const training = [0, 1, 2, 3, 4].map((batch) => binaryBatchHash(data.train, 10_000 * batch));
    assert.deepEqual([...training, binaryBatchHash(data.test, 0)], published);
  });
});
