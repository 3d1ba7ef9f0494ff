import { tf } from "../backend/tf";
import type { LabelledImages } from "./mnist";

/** What a classifier is trained and tested on. */
export interface Examples {
  count: number;
  /** The inputs of some examples, [examples, features]. */
  inputs(indices: Int32Array): tf.Tensor2D;
  /** Their labels, integers from 0. */
  labels(indices: Int32Array): Int32Array;
}

export interface ImageExamplesOptions {
  /** What is taken from each pixel, which lies between 0 and 1. Default: 0. */
  mean?: number;
  /** What each pixel is then divided by. Default: 1. */
  deviation?: number;
  /** Only the first so many images. Default: all. */
  count?: number;
}

/**
 * Images of bytes as float32: torchvision's `ToTensor`, then `Normalize(mean, deviation)` where these are given.
 *
 * @throws RangeError for a deviation that is not positive, or more images than there are.
 */
export class ImageExamples implements Examples {
  readonly count: number;
  private readonly width: number;
  /** The number that stands for each byte. */
  private readonly levels: Float32Array;

  constructor(
    private readonly images: LabelledImages,
    { mean = 0, deviation = 1, count = images.count }: ImageExamplesOptions = {},
  ) {
    if (!(deviation > 0)) throw new RangeError(`expected a positive deviation, got ${deviation}`);
    if (!Number.isInteger(count) || count < 1 || count > images.count) {
      throw new RangeError(`expected 1 to ${images.count} images, got ${count}`);
    }
    this.count = count;
    this.width = images.images.length / images.count;
    this.levels = Float32Array.from({ length: 256 }, (_, byte) => {
      const centred = Math.fround(Math.fround(byte / 255) - Math.fround(mean));
      return centred / Math.fround(deviation);
    });
  }

  inputs(indices: Int32Array): tf.Tensor2D {
    const { width, levels } = this;
    const { images } = this.images;
    const values = new Float32Array(indices.length * width);
    let next = 0;
    for (const index of indices) {
      const start = index * width;
      for (let pixel = start; pixel < start + width; pixel++) values[next++] = levels[images[pixel]!]!;
    }
    return tf.tensor2d(values, [indices.length, width]);
  }

  labels(indices: Int32Array): Int32Array {
    return indices.map((index) => this.images.labels[index]!);
  }
}
