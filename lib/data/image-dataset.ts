import { ByteRows } from "../backend/byte-rows";
import { tf } from "../backend/tf";
import { requireInteger } from "../checks/check-range";
import type { TorchGenerator } from "../random/torch";
import type { Augmentation } from "./augmentation";
import type { Dataset } from "./dataset";
import { featuresOf, type LabelledImages } from "./labelled-images";

/** Options of `ImageDataset`: how pixels are normalized and altered, and how many images are used. */
export interface ImageDatasetOptions {
  /** Subtracted from each pixel, which lies in [0, 1]: one number, or one for each channel. Default: 0. */
  mean?: number | readonly number[];
  /** Each pixel is then divided by it; > 0: one number, or one for each channel. Default: 1. */
  deviation?: number | readonly number[];
  /** The index of the first image that is used, from 0. Default: 0. */
  first?: number;
  /** The number of images, taken from `first` on. Default: all from there. */
  count?: number;
  /** Drawn by a loader for each image of each pass, and made before pixels are normalized. Default: none. */
  augmentation?: Augmentation;
}

/**
 * Images of bytes as float32, with their classes as targets: torchvision's `ToTensor`, then `Normalize(mean, deviation)`
 * where these are given. Evaluate on a data set without augmentation.
 *
 * @throws RangeError for a deviation that is not positive, means or deviations that are not as many as channels can be,
 *   more images than there are, more variants of them than an int32 can tell apart, or images without labels.
 */
export class ImageDataset implements Dataset {
  readonly count: number;
  readonly drawVariant?: (generator: TorchGenerator) => number;
  private readonly rows: ByteRows;
  private readonly mean: tf.Tensor | undefined;
  private readonly divisors: tf.Tensor[];
  private readonly labels: tf.Tensor1D;
  private readonly augmentation: Augmentation | undefined;

  constructor(
    images: LabelledImages,
    {
      mean = 0,
      deviation = 1,
      first = 0,
      count = images.count - first,
      augmentation,
    }: ImageDatasetOptions = {},
  ) {
    const features = featuresOf(images);
    requireInteger("ImageDataset: first", first, 0);
    for (const numbers of [mean, deviation]) {
      if (typeof numbers !== "number" && !Number.isInteger(features / numbers.length)) {
        throw new RangeError(`expected a number for each channel of ${features} pixels, got [${numbers}]`);
      }
    }
    if (![deviation].flat().every((each) => each > 0)) {
      throw new RangeError(`expected a positive deviation, got ${deviation}`);
    }
    const available = images.count - first;
    if (!Number.isInteger(count) || count < 1 || count > available) {
      const after = first === 0 ? "" : ` from image ${first} on`;
      throw new RangeError(`expected 1 to ${available} images${after}, got ${count}`);
    }
    if (augmentation && count * augmentation.variants > 2 ** 31) {
      throw new RangeError(
        `expected at most 2³¹ variants of images, got ${augmentation.variants} of each of ${count}`,
      );
    }
    this.count = count;
    this.augmentation = augmentation;
    if (augmentation) this.drawVariant = (generator) => augmentation.draw(generator);
    const end = first + count;
    this.rows = new ByteRows(images.images.subarray(first * features, end * features), features);
    // Tensors, since a compiled step would multiply by the reciprocals of constants, which rounds otherwise.
    const kept = (value: number | readonly number[]) => tf.keep(numberOrRow(value, features));
    this.mean = mean === 0 ? undefined : kept(mean);
    this.divisors = [255, ...(deviation === 1 ? [] : [deviation])].map(kept);
    this.labels = tf.keep(tf.tensor1d(Int32Array.from(images.labels.subarray(first, end)), "int32"));
  }

  /**
   * The pixels of some images, normalized.
   *
   * @param indices [batch], each from 0 to below `count`, or with an augmentation below `count` · variants; a tensor is
   *   int32.
   * @returns [batch, features], in C, H, W order.
   */
  inputs(indices: Int32Array | tf.Tensor1D): tf.Tensor2D {
    return tf.tidy(() => {
      const { images, variants } = this.decoded(tensorOf(indices));
      const rows = this.rows.take(images);
      const [white, deviation] = this.divisors;
      const bytes = variants ? this.augmentation!.apply(rows, variants) : rows;
      const pixels = bytes.div<tf.Tensor2D>(white!);
      const centred = this.mean ? pixels.sub<tf.Tensor2D>(this.mean) : pixels;
      return deviation ? centred.div<tf.Tensor2D>(deviation) : centred;
    });
  }

  /**
   * The classes of some images.
   *
   * @param indices As of `inputs`.
   * @returns int32, [batch]
   */
  targets(indices: Int32Array | tf.Tensor1D): tf.Tensor1D {
    return tf.tidy(() => tf.gather(this.labels, this.decoded(tensorOf(indices)).images));
  }

  /** Frees its tensors; it is of no use afterwards. */
  dispose(): void {
    this.rows.dispose();
    this.labels.dispose();
    this.mean?.dispose();
    tf.dispose(this.divisors);
  }

  /** The images that indices stand for, and their variants where there are any. */
  private decoded(indices: tf.Tensor1D): { images: tf.Tensor1D; variants?: tf.Tensor1D } {
    if (!this.augmentation) return { images: indices };
    const count = tf.scalar(this.count, "int32");
    return {
      images: tf.mod(indices, count) as tf.Tensor1D,
      variants: tf.floorDiv(indices, count) as tf.Tensor1D,
    };
  }
}

/** A scalar, or numbers of channels repeated for each of their pixels, [features]. */
function numberOrRow(value: number | readonly number[], features: number): tf.Tensor {
  if (typeof value === "number") return tf.scalar(value);
  const pixels = features / value.length;
  return tf.tensor1d(Float32Array.from({ length: features }, (_, i) => value[Math.floor(i / pixels)]!));
}

function tensorOf(indices: Int32Array | tf.Tensor1D): tf.Tensor1D {
  return indices instanceof tf.Tensor ? indices : tf.tensor1d(indices, "int32");
}
