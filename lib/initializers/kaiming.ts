import { tf } from "../backend/tf";
import type { TorchGenerator } from "../random/torch";
import { fansOf } from "./fan";

/**
 * Normal weights with standard deviation √(2 / fan_in), which preserve the scale of activations through ReLU layers: He
 * et al. 2015, equation 10; PyTorch's `kaiming_normal_` with its default arguments.
 *
 * @param shape [outputs, inputs] or [outputs, inputs, height, width]
 * @param generator The random generator, from which one normal number per weight is drawn.
 * @returns The weights, float32, of that shape.
 * @throws RangeError unless the shape is two or more integers ≥ 1.
 */
export function kaimingNormal(shape: number[], generator: TorchGenerator): tf.Tensor {
  const deviation = Math.sqrt(2 / fansOf(shape).fanIn);
  return tf.tensor(
    generator.randn(shape).map((x) => x * deviation),
    shape,
  );
}

/**
 * Uniform weights in ±√(6 / ((1 + a²)·fan_in)), for leaky ReLU with negative slope a: PyTorch's `kaiming_uniform_`.
 * PyTorch's linear and convolutional layers use a = √5.
 *
 * @param shape [outputs, inputs] or [outputs, inputs, height, width]
 * @param generator The random generator, from which one uniform number per weight is drawn.
 * @param options.a The negative slope. Default: 0, for ReLU.
 * @returns The weights, float32, of that shape.
 * @throws RangeError unless the shape is two or more integers ≥ 1.
 */
export function kaimingUniform(shape: number[], generator: TorchGenerator, { a = 0 } = {}): tf.Tensor {
  const bound = Math.sqrt(3) * (Math.sqrt(2 / (1 + a * a)) / Math.sqrt(fansOf(shape).fanIn));
  return tf.tensor(generator.uniform(shape, -bound, bound), shape);
}
