import { tf } from "../backend/tf";
import type { TorchGenerator } from "../random/torch";
import { fansOf } from "./fan";

/**
 * Uniform weights in ±√(6 / (fan_in + fan_out)): Glorot and Bengio 2010, equation 16; PyTorch's `xavier_uniform_`.
 *
 * @param shape [outputs, inputs] or [outputs, inputs, height, width]
 * @param generator The random generator, from which one uniform number per weight is drawn.
 * @returns The weights, float32, of that shape.
 * @throws RangeError unless the shape is two or more integers ≥ 1.
 */
export function xavierUniform(shape: number[], generator: TorchGenerator): tf.Tensor {
  const { fanIn, fanOut } = fansOf(shape);
  const bound = Math.sqrt(3) * Math.sqrt(2 / (fanIn + fanOut));
  return tf.tensor(generator.uniform(shape, -bound, bound), shape);
}
