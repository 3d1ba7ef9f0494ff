import { tf } from "../backend/tf";
import type { LayerParameters } from "./torch-default";
import type { DenseShape } from "./weight-shape";

/** A function that makes the initial parameters of a dense layer: weight of the shape [outputs, inputs] and bias [outputs]. */
export type LayerInitializer = (shape: DenseShape) => LayerParameters;

/**
 * An initializer of whole layers from one of weights, with one number as every bias.
 *
 * @example
 * const network = new MLP([784, 784, 1024, 1024, 10], constantBias(zerO, 0.01));
 */
export function constantBias(weight: (shape: DenseShape) => tf.Tensor, value: number): LayerInitializer {
  return (shape) => ({ weight: weight(shape), bias: tf.fill([shape[0]], value) });
}
