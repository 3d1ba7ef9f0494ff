import { tf } from "../backend/tf";
import type { TorchGenerator } from "../random/torch";
import { fansOf } from "./fan";
import { checkShape, type DenseShape, type KernelShape } from "./weight-shape";

/** The parameters of a layer with a bias. */
export interface LayerParameters {
  /** [outputs, inputs], or [outputs, inputs, height, width] of a convolution. */
  weight: tf.Tensor;
  /** [outputs] */
  bias: tf.Tensor1D;
}

/**
 * Initializes a dense layer like PyTorch's `nn.Linear(inputs, outputs)`: first the weight, then the bias, uniform in
 * ±1/√inputs.
 *
 * @param shape [outputs, inputs]
 * @param generator The random generator, from which one uniform number per parameter is drawn.
 * @throws RangeError if the shape is not two integers ≥ 1.
 */
export function linearDefault(shape: DenseShape, generator: TorchGenerator): LayerParameters {
  checkShape(shape, 2);
  return layerDefault(shape, generator);
}

/**
 * Initializes a convolution like PyTorch's `nn.Conv2d(inputs, outputs, kernelSize)`: first the weight, then the bias,
 * uniform in ±1/√(inputs · height · width).
 *
 * @param shape [outputs, inputs, height, width]
 * @param generator The random generator, from which one uniform number per parameter is drawn.
 * @throws RangeError if the shape is not four integers ≥ 1.
 */
export function conv2dDefault(shape: KernelShape, generator: TorchGenerator): LayerParameters {
  checkShape(shape, 4);
  return layerDefault(shape, generator);
}

function layerDefault(shape: number[], generator: TorchGenerator): LayerParameters {
  const bound = 1 / Math.sqrt(fansOf(shape).fanIn);
  const weight = tf.tensor(generator.uniform(shape, -bound, bound), shape);
  const bias = tf.tensor1d(generator.uniform([shape[0]!], -bound, bound));
  return { weight, bias };
}
