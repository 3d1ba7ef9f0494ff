import { ByteRows } from "../backend/byte-rows";
import { tf } from "../backend/tf";
import { featuresOf, type LabelledImages } from "./labelled-images";

/** A data set of inputs and class labels that a classifier is trained or evaluated on. */
export interface Examples {
  count: number;
  /** The inputs of some examples, [examples, features]; tensor operations only where the indices, int32, are a tensor. */
  inputs(indices: Int32Array | tf.Tensor1D): tf.Tensor2D;
  /** Their labels, integers ≥ 0. */
  labels(indices: Int32Array): Int32Array;
}

/** Options of `ImageExamples`: how pixels are normalized, and how many images are used. */
export interface ImageExamplesOptions {
  /** Subtracted from each pixel, which lies in [0, 1]. Default: 0. */
  mean?: number;
  /** Each pixel is then divided by it; > 0. Default: 1. */
  deviation?: number;
  /** The number of images, taken from the first on. Default: all. */
  count?: number;
}

/**
 * Images of bytes as float32: torchvision's `ToTensor`, then `Normalize(mean, deviation)` where these are given.
 *
 * @throws RangeError for a deviation that is not positive, more images than there are, or images without labels.
 */
export class ImageExamples implements Examples {
  readonly count: number;
  private readonly rows: ByteRows;
  private readonly mean: tf.Scalar | undefined;
  private readonly divisors: tf.Scalar[];

  constructor(
    private readonly images: LabelledImages,
    { mean = 0, deviation = 1, count = images.count }: ImageExamplesOptions = {},
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
  }

  inputs(indices: Int32Array | tf.Tensor1D): tf.Tensor2D {
    return tf.tidy(() => {
      const rows = this.rows.take(indices instanceof tf.Tensor ? indices : tf.tensor1d(indices, "int32"));
      const [white, deviation] = this.divisors;
      const pixels = rows.div<tf.Tensor2D>(white!);
      const centred = this.mean ? pixels.sub<tf.Tensor2D>(this.mean) : pixels;
      return deviation ? centred.div<tf.Tensor2D>(deviation) : centred;
    });
  }

  labels(indices: Int32Array): Int32Array {
    return indices.map((index) => this.images.labels[index]!);
  }

  /** Frees its tensors; it is of no use afterwards. */
  dispose(): void {
    this.rows.dispose();
    this.mean?.dispose();
    tf.dispose(this.divisors);
  }
}
