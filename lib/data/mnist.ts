import { type FetchOptions, readDataset } from "./dataset";
import { readIdx } from "./idx";

/** The pixels of an MNIST image: 28 rows of 28. */
export const MNIST_PIXELS = 28 * 28;

/** Digits with what they are. */
export interface LabelledImages {
  count: number;
  /** `count` × 784, an image a row, its pixels row by row: 0 is background, 255 full ink. */
  images: Uint8Array;
  /** `count` digits from 0 to 9. */
  labels: Uint8Array;
}

function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array {
  const result = new Uint8Array(a.length + b.length);
  result.set(a);
  result.set(b, a.length);
  return result;
}

function labelled(contents: Map<string, Uint8Array>, prefix: string): LabelledImages {
  const read = (name: string, dimensions: number) => readIdx(contents.get(name)!, dimensions, name);
  const images = read(`${prefix}-images-idx3-ubyte`, 3);
  const labels = read(`${prefix}-labels-idx1-ubyte`, 1);
  return { count: labels.shape[0]!, images: images.values, labels: labels.values };
}

export interface Mnist {
  train: LabelledImages;
  test: LabelledImages;
}

/**
 * MNIST (LeCun, Cortes, Burges 1998) in the order of its files: 60,000 digits to train on, 10,000 to test.
 *
 * Files that are missing, truncated or altered are fetched first. Every byte returned has been checked against
 * the hashes of data/manifest.json.
 */
export async function loadMnist(options?: FetchOptions): Promise<Mnist> {
  const contents = await readDataset("mnist", options);
  return { train: labelled(contents, "train"), test: labelled(contents, "t10k") };
}

/** All 70,000 digits, those to train on first. */
export function allDigits({ train, test }: Mnist): LabelledImages {
  return {
    count: train.count + test.count,
    images: concatenate(train.images, test.images),
    labels: concatenate(train.labels, test.labels),
  };
}
