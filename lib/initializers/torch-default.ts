import { tf } from "../backend/tf";
import type { TorchGenerator } from "../random/torch";
import { fansOf } from "./fan";
import { checkShape, type DenseShape, type KernelShape } from "./weight-shape";

/** The parameters of a layer with a bias. */
export interface LayerParameters {
  weight: tf.Tensor;
  /** [outputs] */
  bias: tf.Tensor1D;
}

/**
 * A dense layer as PyTorch's `nn.Linear(inputs, outputs)` initializes itself: weight [outputs, inputs], then bias,
 * uniform on ±1/√inputs.
 *
 * @param shape [outputs, inputs]
 * @throws RangeError if the shape is not two positive integers
 */
export function linearDefault(shape: DenseShape, generator: TorchGenerator): LayerParameters {
  checkShape(shape, 2);
  return layerDefault(shape, generator);
}

/**
 * A convolution as PyTorch's `nn.Conv2d(inputs, outputs, kernelSize)` initializes itself: weight [outputs, inputs,
 * height, width], then bias, uniform on ±1/√(inputs · height · width).
 *
 * @param shape [outputs, inputs, height, width]
 * @throws RangeError if the shape is not four positive integers
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
