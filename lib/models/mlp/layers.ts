import type { tf } from "../../backend/tf";

/** A perceptron by its layers' weights [outputs, inputs] and biases [outputs], from the first to the last. */
export interface Layers {
  weights: readonly tf.Tensor2D[];
  biases: readonly tf.Tensor[];
}

/** A multi-layer perceptron, whose weights may be dense, masked or products of factors. */
export interface Perceptron {
  /** The trainable parameters by name. */
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  /** The logits [examples, outputs] for the inputs `x` [examples, inputs]. */
  forward(x: tf.Tensor2D): tf.Tensor2D;
  /** The effective weights and biases of its layers, for the caller to dispose of. */
  layers(): Layers;
  dispose(): void;
}

/** @throws RangeError unless there is a bias for each layer. */
export function checkLayers({ weights, biases }: Layers): void {
  if (weights.length === 0 || biases.length !== weights.length) {
    throw new RangeError(`expected a bias for each layer, got ${biases.length} for ${weights.length} layers`);
  }
}

/** The names of the layers: l1, l2, … */
export function layerNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `l${i + 1}`);
}
