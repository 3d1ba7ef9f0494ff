import { readIdx } from "./idx";

/** Images with the class of each. */
export interface LabelledImages {
  count: number;
  /** An image a row, [count, features]: its bytes from 0 to 255 in C, H, W order. */
  images: Uint8Array;
  /** `count` classes, from 0. */
  labels: Uint8Array;
}

/**
 * The bytes of each image.
 *
 * @throws RangeError unless there is at least one image, all are of one size, and each has a label
 */
export function featuresOf({ count, images, labels }: LabelledImages): number {
  const features = images.length / count;
  if (!(count > 0) || !Number.isInteger(features) || features === 0 || labels.length !== count) {
    throw new RangeError(
      `expected ${count} images and as many labels, got ${images.length} bytes of images and ${labels.length} labels`,
    );
  }
  return features;
}

/**
 * The images and labels in two IDX files among `contents`: `<split>-images-idx<dimensions>-ubyte` of shape
 * [count, …] and `<split>-labels-idx1-ubyte`. The results are views of `contents`.
 *
 * @throws Error that names the file, for one that is missing or no such IDX file, and where images and labels are
 *   not as many
 */
export function readLabelledImages(
  contents: Map<string, Uint8Array>,
  split: string,
  dimensions: number,
): LabelledImages {
  const read = (name: string, rank: number) => {
    const content = contents.get(name);
    if (!content) throw new Error(`${name} is missing; there are ${[...contents.keys()].join(", ")}`);
    return readIdx(content, rank, name);
  };
  const imagesName = `${split}-images-idx${dimensions}-ubyte`;
  const labelsName = `${split}-labels-idx1-ubyte`;
  const images = read(imagesName, dimensions);
  const labels = read(labelsName, 1);
  if (images.shape[0] !== labels.shape[0]) {
    throw new Error(
      `${imagesName} has ${images.shape[0]} images, but ${labelsName} ${labels.shape[0]} labels`,
    );
  }
  return { count: labels.shape[0]!, images: images.values, labels: labels.values };
}
