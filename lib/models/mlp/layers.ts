import type { tf } from "../../backend/tf";

/** The weights and biases of a perceptron, from the first layer to the last. */
export interface Layers {
  /** The weights [outputs, inputs]. */
  weights: readonly tf.Tensor2D[];
  /** The biases [outputs]. */
  biases: readonly tf.Tensor[];
}

/** A multi-layer perceptron, whose weights may be dense, masked or products of factors. */
export interface Perceptron {
  /** The trainable parameters by name. */
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  /** Computes the logits [examples, outputs] for the inputs `x` [examples, inputs]. */
  forward(x: tf.Tensor2D): tf.Tensor2D;
  /** Returns new tensors of the effective weights and biases, which the caller must dispose of. */
  layers(): Layers;
  /** Frees the model's tensors; it cannot be used afterwards. */
  dispose(): void;
}

/**
 * Checks that there is at least one layer and a bias for each.
 *
 * @throws RangeError otherwise.
 */
export function checkLayers({ weights, biases }: Layers): void {
  if (weights.length === 0 || biases.length !== weights.length) {
    throw new RangeError(`expected a bias for each layer, got ${biases.length} for ${weights.length} layers`);
  }
}

/** The names of the layers: l1, l2, … */
export function layerNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `l${i + 1}`);
}
