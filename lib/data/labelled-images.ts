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
 * The images and labels in two IDX files among `contents`: `<split>-images-idx<dimensions>-ubyte` of shape
 * [count, …] and `<split>-labels-idx1-ubyte`. The results are views of `contents`.
 */
export function readLabelledImages(
  contents: Map<string, Uint8Array>,
  split: string,
  dimensions: number,
): LabelledImages {
  const read = (name: string, rank: number) => readIdx(contents.get(name)!, rank, name);
  const images = read(`${split}-images-idx${dimensions}-ubyte`, dimensions);
  const labels = read(`${split}-labels-idx1-ubyte`, 1);
  return { count: labels.shape[0]!, images: images.values, labels: labels.values };
}
