import { tf } from "../backend/tf";
import type { LayerParameters } from "./torch-default";
import type { DenseShape } from "./weight-shape";

/** A function from a dense layer's shape to its initial weight [outputs, inputs] and bias [outputs]. */
export type LayerInitializer = (shape: DenseShape) => LayerParameters;

/**
 * Makes an initializer of layers from an initializer of weights and a constant bias.
 *
 * @param weight The initializer of the weights [outputs, inputs].
 * @param value The value of every bias.
 *
 * @example
 * const network = new MLP([784, 784, 1024, 1024, 10], constantBias(zerO, 0.01));
 */
export function constantBias(weight: (shape: DenseShape) => tf.Tensor, value: number): LayerInitializer {
  return (shape) => ({ weight: weight(shape), bias: tf.fill([shape[0]], value) });
}
