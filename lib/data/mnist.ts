import { type FetchOptions, readDataset } from "./fetch/dataset";
import { digestsOf } from "./fetch/manifest";
import { featuresOf, type LabelledImages, readLabelledImages } from "./labelled-images";

export type { LabelledImages };

/** The pixels of an MNIST image: 28 rows of 28. */
export const MNIST_PIXELS = 28 * 28;

function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array {
  const result = new Uint8Array(a.length + b.length);
  result.set(a);
  result.set(b, a.length);
  return result;
}

/** Digits from 0 to 9; of their pixels, 0 is background, 255 full ink. */
export interface Mnist {
  train: LabelledImages;
  test: LabelledImages;
  /** The SHA-256 of each file: the `data` of an experiment. */
  sha256: readonly string[];
}

/**
 * MNIST (LeCun, Cortes, Burges 1998) in the order of its files: 60,000 digits to train on, 10,000 to test.
 *
 * Files that are missing, truncated or altered are fetched first. Every byte returned has been checked against
 * the hashes of data/manifest.json.
 */
export async function loadMnist(options?: FetchOptions): Promise<Mnist> {
  const contents = await readDataset("mnist", options);
  return {
    train: readLabelledImages(contents, "train", 3),
    test: readLabelledImages(contents, "t10k", 3),
    sha256: digestsOf("mnist"),
  };
}

/**
 * All 70,000 digits, those to train on first.
 *
 * @throws RangeError unless both parts hold images of one size
 */
export function allDigits({ train, test }: Pick<Mnist, "train" | "test">): LabelledImages {
  const [inTrain, inTest] = [featuresOf(train), featuresOf(test)];
  if (inTrain !== inTest)
    throw new RangeError(`expected images of one size, got ${inTrain} and ${inTest} bytes`);
  return {
    count: train.count + test.count,
    images: concatenate(train.images, test.images),
    labels: concatenate(train.labels, test.labels),
  };
}
