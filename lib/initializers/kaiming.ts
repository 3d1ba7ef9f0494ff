import { tf } from "../backend/tf";
import type { TorchGenerator } from "../random/torch";
import { fansOf } from "./fan";

/**
 * Normal weights of standard deviation √(2 / fan_in), which keep the scale of activities through ReLU layers: He et
 * al. 2015, equation 10; PyTorch's `kaiming_normal_` with its default arguments.
 *
 * @param shape [outputs, inputs] or [outputs, inputs, height, width]
 */
export function kaimingNormal(shape: number[], generator: TorchGenerator): tf.Tensor {
  const deviation = Math.sqrt(2 / fansOf(shape).fanIn);
  return tf.tensor(
    generator.randn(shape).map((x) => x * deviation),
    shape,
  );
}

/**
 * Uniform weights on ±√(6 / ((1 + a²)·fan_in)), for leaky ReLU of slope a: PyTorch's `kaiming_uniform_`, whose default
 * a = 0 is ReLU. Linear and convolutional layers use a = √5.
 *
 * @param shape [outputs, inputs] or [outputs, inputs, height, width]
 */
export function kaimingUniform(shape: number[], generator: TorchGenerator, { a = 0 } = {}): tf.Tensor {
  const bound = Math.sqrt(3) * (Math.sqrt(2 / (1 + a * a)) / Math.sqrt(fansOf(shape).fanIn));
  return tf.tensor(generator.uniform(shape, -bound, bound), shape);
}
