import { tf } from "../backend/tf";
import type { TorchGenerator } from "../random/torch";
import { onE } from "./one-e";
import type { DenseShape } from "./weight-shape";

/**
 * Spray, the inverse of OnE: (1 − OnE) / (inputs − 1), so that every output is the mean of all inputs but one. It
 * draws as `onE` does: of the same seed, spray inverts that very matrix.
 *
 * Departure from the original notebook, which divides by zero where there is one input: that is an error.
 *
 * @throws RangeError if the shape is not two positive integers, or for a single input
 */
export function spray(shape: DenseShape, generator: TorchGenerator): tf.Tensor2D {
  const [, inputs] = shape;
  if (inputs === 1) throw new RangeError(`spray leaves out one of several inputs, got [${shape.join(", ")}]`);
  return tf.tidy(() => tf.sub(1, onE(shape, generator)).mul(1 / (inputs - 1)));
}
