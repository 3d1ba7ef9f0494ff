import type { tf } from "../backend/tf";
import type { TorchGenerator } from "../random/torch";

/** Random changes of images that keep their class, such as crops: which there are, and how they are drawn and made. */
export interface Augmentation {
  /** The number of variants of an image, ≥ 1. Variant 0 is the image as it is. */
  readonly variants: number;
  /** Draws a variant, an integer from 0 to below `variants`. */
  draw(generator: TorchGenerator): number;
  /**
   * Makes variants of images, by tensor operations only.
   *
   * @param pixels The bytes of the images as float32, [batch, features] in C, H, W order.
   * @param variants The variant of each, int32 [batch].
   * @returns Of the pixels' shape.
   */
  apply(pixels: tf.Tensor2D, variants: tf.Tensor1D): tf.Tensor2D;
}
