import { tf } from "../backend/tf";
import type { TorchGenerator } from "../random/torch";
import { fansOf } from "./fan";

/** The parameters of a layer with a bias. */
export interface LayerParameters {
  weight: tf.Tensor;
  /** [outputs] */
  bias: tf.Tensor1D;
}

/**
 * A dense layer as PyTorch's `nn.Linear(inputs, outputs)` initializes itself: weight [outputs, inputs], then bias,
 * uniform on ±1/√inputs.
 */
export function linearDefault(inputs: number, outputs: number, generator: TorchGenerator): LayerParameters {
  return layerDefault([outputs, inputs], generator);
}

/**
 * A convolution as PyTorch's `nn.Conv2d(inputs, outputs, kernelSize)` initializes itself: weight [outputs, inputs,
 * height, width], then bias, uniform on ±1/√(inputs · height · width).
 *
 * @param kernelSize The side of a square kernel, or its height and width.
 */
export function conv2dDefault(
  inputs: number,
  outputs: number,
  kernelSize: number | [number, number],
  generator: TorchGenerator,
): LayerParameters {
  const [height, width] = typeof kernelSize === "number" ? [kernelSize, kernelSize] : kernelSize;
  return layerDefault([outputs, inputs, height, width], generator);
}

function layerDefault(shape: number[], generator: TorchGenerator): LayerParameters {
  const bound = 1 / Math.sqrt(fansOf(shape).fanIn);
  const weight = tf.tensor(generator.uniform(shape, -bound, bound), shape);
  const bias = tf.tensor1d(generator.uniform([shape[0]!], -bound, bound));
  return { weight, bias };
}
