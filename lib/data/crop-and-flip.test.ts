import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { tf } from "../backend/tf";
import { TorchGenerator } from "../random/torch";
import { randomCropAndFlip } from "./crop-and-flip";
import { EpochIterator } from "./epoch-iterator";
import reference from "./fixtures/crop-and-flip.json";
import { ImageDataset } from "./image-dataset";
import { DataLoader } from "./loader";

const SHAPE = { channels: 3, height: 8, width: 6 };
const FEATURES = SHAPE.channels * SHAPE.height * SHAPE.width;
const COUNT = 24;

/** The images of the fixture. */
const images = {
  count: COUNT,
  images: Uint8Array.from({ length: COUNT * FEATURES }, (_, i) =>
    Number(((BigInt(i) * 2654435761n) % 2n ** 32n) >> 24n),
  ),
  labels: Uint8Array.from({ length: COUNT }, (_, i) => i),
};

/** The bytes of images [batch, features] whose pixels lie in [0, 1]. */
const bytesOf = (pixels: tf.Tensor) => Uint8Array.from(pixels.dataSync(), (value) => Math.round(255 * value));

for (const { padding, dropLast, passes } of reference.passes) {
  test(`passes with padding ${padding}${dropLast ? " and no partial batch" : ""} are torchvision's pixel by pixel`, () => {
    const augmentation = randomCropAndFlip({ ...SHAPE, padding });
    const dataset = new ImageDataset(images, { augmentation });
    const generator = new TorchGenerator(5);
    const loader = new DataLoader(dataset, { batchSize: 7, shuffle: true, dropLast, generator });
    for (const { examples, sha256 } of passes) {
      const indices = Int32Array.from([...loader].flatMap((batch) => [...batch]));
      assert.deepEqual([...dataset.targets(indices).dataSync()], examples);
      const hash = createHash("sha256").update(bytesOf(dataset.inputs(indices)));
      assert.equal(hash.digest("hex"), sha256);
    }
  });
}

test("the draws of a pass are all places, each with and without a flip", () => {
  const { draws } = reference.passes[0]!.passes[0]!;
  const generator = new TorchGenerator(0);
  const augmentation = randomCropAndFlip(SHAPE);
  assert.equal(augmentation.variants, 162);
  const drawn = Array.from({ length: 5000 }, () => augmentation.draw(generator));
  // The chance that one of 162 variants is missing is 162 · (1 − 1/162)⁵⁰⁰⁰ < 10⁻¹¹.
  assert.equal(new Set(drawn).size, 162);
  assert.ok(drawn.every((variant) => Number.isInteger(variant) && variant >= 0 && variant < 162));
  assert.ok(draws.every(([top, left]) => top! <= 8 && left! <= 8));
});

test("variant 0 is the image itself, and each variant is the image shifted, mirrored, and black where it left", () => {
  const augmentation = randomCropAndFlip({ channels: 1, height: 2, width: 3, padding: 1 });
  const image = [1, 2, 3, 4, 5, 6];
  const all = tf.range(0, augmentation.variants, 1, "int32");
  const rows = tf.tidy(() =>
    augmentation.apply(tf.tile(tf.tensor2d([image]), [augmentation.variants, 1]), all).arraySync(),
  );
  assert.deepEqual(rows[0], image);
  const shifted = (down: number, right: number, isFlipped: boolean) =>
    image.map((_, i) => {
      const [row, column] = [Math.floor(i / 3), isFlipped ? 2 - (i % 3) : i % 3];
      const [y, x] = [row - down, column - right];
      return y < 0 || y > 1 || x < 0 || x > 2 ? 0 : image[3 * y + x]!;
    });
  const expected = [-1, 0, 1].flatMap((down) =>
    [-1, 0, 1].flatMap((right) => [false, true].map((flip) => shifted(down, right, flip))),
  );
  const sorted = (all: number[][]) => all.map((row) => row.join()).sort();
  assert.deepEqual(sorted(rows), sorted(expected));
});

test("the padding is black before pixels are normalized", () => {
  const augmentation = randomCropAndFlip({ channels: 1, height: 1, width: 1, padding: 1, flip: false });
  const white = { count: 1, images: Uint8Array.of(255), labels: Uint8Array.of(0) };
  const dataset = new ImageDataset(white, { mean: 0.5, deviation: 0.25, augmentation });
  const pixels = dataset.inputs(Int32Array.from({ length: 9 }, (_, variant) => variant)).dataSync();
  assert.deepEqual([...pixels], [2, ...new Array(8).fill(-2)]);
});

test("without padding nothing but the flip is drawn, without both nothing", () => {
  const next = (options: { padding: number; flip: boolean }) => {
    const generator = new TorchGenerator(0);
    randomCropAndFlip(options).draw(generator);
    return generator.rand([1])[0];
  };
  const [first, second] = new TorchGenerator(0).rand([2]);
  assert.equal(next({ padding: 0, flip: false }), first);
  assert.equal(next({ padding: 0, flip: true }), second);
});

test("an epoch iterator stopped within a pass goes on with the same variants", () => {
  const start = () => {
    const dataset = new ImageDataset(images, { augmentation: randomCropAndFlip(SHAPE) });
    const generator = new TorchGenerator(2);
    const epochs = new EpochIterator(new DataLoader(dataset, { batchSize: 5, shuffle: true, generator }));
    return { generator, epochs };
  };
  const [whole, cut, resumed] = [start(), start(), start()];
  const batches = Array.from({ length: 12 }, () => [...whole.epochs.next()]);
  const before = Array.from({ length: 7 }, () => [...cut.epochs.next()]);
  resumed.epochs.restore(cut.epochs.state());
  resumed.generator.restore(cut.generator.state());
  const after = Array.from({ length: 5 }, () => [...resumed.epochs.next()]);
  assert.deepEqual([...before, ...after], batches);
});

test("images of another size, unknown options and a loader without a generator are refused", () => {
  const dataset = new ImageDataset(images, { augmentation: randomCropAndFlip() });
  assert.throws(() => dataset.inputs(Int32Array.of(0)), /expected images of 3 · 32 · 32 pixels, got 144/);
  assert.throws(
    () => new DataLoader(dataset, { batchSize: 4 }),
    /expected a TorchGenerator to draw variants with/,
  );
  assert.throws(() => randomCropAndFlip({ pad: 4 } as never), /randomCropAndFlip has no option pad/);
  assert.throws(() => randomCropAndFlip({ padding: -1 }), /padding is -1, expected an integer ≥ 0/);
});
