import { tf } from "../backend/tf";
import { checkOptions, requireBoolean } from "../checks/check-options";
import { requireInteger } from "../checks/check-range";
import type { TorchGenerator } from "../random/torch";
import type { Augmentation } from "./augmentation";

/** Options of `randomCropAndFlip`. */
export interface CropAndFlipOptions {
  /** The channels, the height and the width of the images, each ≥ 1. Default: 3, 32 and 32, those of CIFAR-10. */
  channels?: number;
  height?: number;
  width?: number;
  /** The black pixels around the image from which it is cropped again, ≥ 0. Default: 4. */
  padding?: number;
  /** Whether each second image, at random, is mirrored left to right. Default: true. */
  flip?: boolean;
}

const OPTIONS = ["channels", "height", "width", "padding", "flip"];

/**
 * The augmentation of CIFAR-10 of He et al. 2016: torchvision's `RandomCrop(size, padding)`, then
 * `RandomHorizontalFlip()`, before `ToTensor()` and `Normalize`. The padding is therefore black, and not the mean colour.
 *
 * Each image's crop and flip are drawn as torchvision draws them, from the generator of the loader: with the same seed
 * they are the same.
 *
 * @throws Error for an option that is not known or out of its range.
 * @example
 * const dataset = new ImageDataset(cifar10.train, { mean, deviation, augmentation: randomCropAndFlip() });
 */
export function randomCropAndFlip(options: CropAndFlipOptions = {}): Augmentation {
  checkOptions("randomCropAndFlip", options, OPTIONS);
  const { channels = 3, height = 32, width = 32, padding = 4, flip = true } = options;
  for (const [name, size] of Object.entries({ channels, height, width })) requireInteger(name, size, 1);
  requireInteger("padding", padding, 0);
  requireBoolean("flip", flip);
  return new CropAndFlip({ channels, height, width, padding, flip });
}

class CropAndFlip implements Augmentation {
  readonly variants: number;
  /** The places from 0 of a crop's upper left corner, along each axis. */
  private readonly places: number;

  constructor(private readonly options: Required<CropAndFlipOptions>) {
    this.places = 2 * options.padding + 1;
    this.variants = this.places ** 2 * (options.flip ? 2 : 1);
  }

  draw(generator: TorchGenerator): number {
    const { places, variants, options } = this;
    // torchvision draws no place where there is one only.
    const place = () => (places === 1 ? 0 : generator.randint(0, places, [1])[0]!);
    const [top, left] = [place(), place()];
    const isFlipped = options.flip && generator.rand([1])[0]! < 0.5;
    const code = (Number(isFlipped) * places + top) * places + left;
    return (code - this.unaltered + variants) % variants;
  }

  apply(pixels: tf.Tensor2D, variants: tf.Tensor1D): tf.Tensor2D {
    const { channels, height, width, padding } = this.options;
    const [batch, features] = pixels.shape;
    if (features !== channels * height * width) {
      throw new RangeError(
        `randomCropAndFlip: expected images of ${channels} · ${height} · ${width} pixels, got ${features}`,
      );
    }
    return tf.tidy(() => {
      const planes = pixels.reshape<tf.Tensor4D>([batch, channels, height, width]);
      const around: [number, number] = [padding, padding];
      const padded = tf.pad(planes, [[0, 0], [0, 0], around, around]);
      // Of a flat tensor, since tfjs's WebAssembly kernel errs where a gather has batch dimensions.
      return tf.gather(padded.flatten(), this.sources(variants)).reshape<tf.Tensor2D>([batch, features]);
    });
  }

  /** The code of the crop in the middle that is not flipped: variant 0. */
  private get unaltered(): number {
    return this.options.padding * this.places + this.options.padding;
  }

  /** For each pixel that of all padded planes which it is taken from, int32 [batch · channels · height · width]. */
  private sources(variants: tf.Tensor1D): tf.Tensor1D {
    const { channels, height, width, padding } = this.options;
    const planes = variants.size * channels;
    const plane = (height + 2 * padding) * (width + 2 * padding);
    const integer = (value: number) => tf.scalar(value, "int32");
    const codes = tf.mod(tf.add(variants, integer(this.unaltered)), integer(this.variants));
    const [rest, left] = divided(codes.reshape([-1, 1, 1]), this.places);
    const [isFlipped, top] = divided(rest, this.places);
    const row = tf.add(top, tf.range(0, height, 1, "int32").reshape([1, height, 1]));
    const column = tf.range(0, width, 1, "int32").reshape([1, 1, width]);
    const mirrored = tf.mul(isFlipped, tf.sub(integer(width - 1), tf.mul(column, integer(2))));
    const source = tf.add(tf.add(left, column), mirrored);
    const inPlane = tf.add(tf.mul(row, integer(width + 2 * padding)), source);
    const starts = tf.mul(tf.range(0, planes, 1, "int32"), integer(plane)).reshape([-1, channels, 1]);
    return tf.add(starts, inPlane.reshape([-1, 1, height * width])).flatten();
  }
}

/** The quotients and the remainders of integers ≥ 0. */
function divided(integers: tf.Tensor, divisor: number): [tf.Tensor, tf.Tensor] {
  const by = tf.scalar(divisor, "int32");
  return [tf.floorDiv(integers, by), tf.mod(integers, by)];
}
