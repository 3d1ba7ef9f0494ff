import { type FetchOptions, readDataset } from "./fetch/dataset";
import { digestsOf } from "./fetch/manifest";
import { type LabelledImages, readLabelledImages } from "./labelled-images";

/** The bytes of a CIFAR-10 image: its red, its green and its blue plane, each 32 rows of 32. */
export const CIFAR10_FEATURES = 3 * 32 * 32;

/** What the labels 0 to 9 stand for. */
export const CIFAR10_CLASSES: readonly string[] = [
  "airplane",
  "automobile",
  "bird",
  "cat",
  "deer",
  "dog",
  "frog",
  "horse",
  "ship",
  "truck",
];

/** The images of CIFAR-10: 50,000 to train on and 10,000 to test. */
export interface Cifar10 {
  train: LabelledImages;
  test: LabelledImages;
  /** The SHA-256 of each file: the `data` of an experiment. */
  sha256: readonly string[];
}

/**
 * CIFAR-10 (Krizhevsky 2009) in the order of its batches: 50,000 images to train on, 10,000 to test, each
 * [3, 32, 32].
 *
 * Files that are missing, truncated or altered are fetched first, which downloads 139 or 170 MB. Every byte
 * returned has been checked against the hashes of data/manifest.json.
 */
export async function loadCifar10(options?: FetchOptions): Promise<Cifar10> {
  const contents = await readDataset("cifar10", options);
  return {
    train: readLabelledImages(contents, "train", 4),
    test: readLabelledImages(contents, "test", 4),
    sha256: digestsOf("cifar10"),
  };
}
