import { tf } from "../backend/tf";
import type { TorchGenerator } from "../random/torch";
import { onE } from "./one-e";
import type { DenseShape } from "./weight-shape";

/**
 * Spray initialization, the complement of OnE, (1 − OnE) / (inputs − 1), so that every output is the mean of all inputs
 * but one. It draws like `onE`: with the same seed it is the complement of the same matrix.
 *
 * Departure from the original notebook, which divides by zero for a single input: here that is an error.
 *
 * @param shape [outputs, inputs] with inputs ≥ 2.
 * @param generator The random generator.
 * @returns The weights [outputs, inputs], float32.
 * @throws RangeError if the shape is not two integers ≥ 1, or for a single input.
 */
export function spray(shape: DenseShape, generator: TorchGenerator): tf.Tensor2D {
  const [, inputs] = shape;
  if (inputs === 1) {
    throw new RangeError(`spray: shape is [${shape.join(", ")}], expected at least two inputs`);
  }
  return tf.tidy(() => tf.sub(1, onE(shape, generator)).mul(1 / (inputs - 1)));
}
