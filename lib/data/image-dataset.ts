import { ByteRows } from "../backend/byte-rows";
import { tf } from "../backend/tf";
import type { Dataset } from "./dataset";
import { featuresOf, type LabelledImages } from "./labelled-images";

/** Options of `ImageDataset`: how pixels are normalized, and how many images are used. */
export interface ImageDatasetOptions {
  /** Subtracted from each pixel, which lies in [0, 1]. Default: 0. */
  mean?: number;
  /** Each pixel is then divided by it; > 0. Default: 1. */
  deviation?: number;
  /** The number of images, taken from the first on. Default: all. */
  count?: number;
}

/**
 * Images of bytes as float32, with their classes as targets: torchvision's `ToTensor`, then `Normalize(mean, deviation)` where these are given.
 *
 * @throws RangeError for a deviation that is not positive, more images than there are, or images without labels.
 */
export class ImageDataset implements Dataset {
  readonly count: number;
  private readonly rows: ByteRows;
  private readonly mean: tf.Scalar | undefined;
  private readonly divisors: tf.Scalar[];
  private readonly labels: tf.Tensor1D;

  constructor(
    images: LabelledImages,
    { mean = 0, deviation = 1, count = images.count }: ImageDatasetOptions = {},
  ) {
    const features = featuresOf(images);
    if (!(deviation > 0)) throw new RangeError(`expected a positive deviation, got ${deviation}`);
    if (!Number.isInteger(count) || count < 1 || count > images.count) {
      throw new RangeError(`expected 1 to ${images.count} images, got ${count}`);
    }
    this.count = count;
    this.rows = new ByteRows(images.images, features);
    // Tensors, since a compiled step would multiply by the reciprocals of constants, which rounds otherwise.
    const number = (value: number) => tf.keep(tf.scalar(value));
    this.mean = mean === 0 ? undefined : number(mean);
    this.divisors = [255, ...(deviation === 1 ? [] : [deviation])].map(number);
    this.labels = tf.keep(tf.tensor1d(Int32Array.from(images.labels.subarray(0, count)), "int32"));
  }

  /**
   * The pixels of some images, normalized.
   *
   * @param indices [batch], each from 0 to below `count`; a tensor is int32.
   * @returns [batch, features], in C, H, W order.
   */
  inputs(indices: Int32Array | tf.Tensor1D): tf.Tensor2D {
    return tf.tidy(() => {
      const rows = this.rows.take(tensorOf(indices));
      const [white, deviation] = this.divisors;
      const pixels = rows.div<tf.Tensor2D>(white!);
      const centred = this.mean ? pixels.sub<tf.Tensor2D>(this.mean) : pixels;
      return deviation ? centred.div<tf.Tensor2D>(deviation) : centred;
    });
  }

  /**
   * The classes of some images.
   *
   * @param indices [batch], each from 0 to below `count`; a tensor is int32.
   * @returns int32, [batch]
   */
  targets(indices: Int32Array | tf.Tensor1D): tf.Tensor1D {
    return tf.tidy(() => tf.gather(this.labels, tensorOf(indices)));
  }

  /** Frees its tensors; it is of no use afterwards. */
  dispose(): void {
    this.rows.dispose();
    this.labels.dispose();
    this.mean?.dispose();
    tf.dispose(this.divisors);
  }
}

function tensorOf(indices: Int32Array | tf.Tensor1D): tf.Tensor1D {
  return indices instanceof tf.Tensor ? indices : tf.tensor1d(indices, "int32");
}
