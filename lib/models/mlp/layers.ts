import type { tf } from "../../backend/tf";

/** A perceptron by its layers' weights [outputs, inputs] and biases [outputs], from the first to the last. */
export interface Layers {
  weights: readonly tf.Tensor2D[];
  biases: readonly tf.Tensor[];
}

/** A perceptron whatever its weights are made of. */
export interface Perceptron {
  /** What is trained. */
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  /** The logits [examples, outputs] for the inputs `x` [examples, inputs]. */
  forward(x: tf.Tensor2D): tf.Tensor2D;
  /** What its layers come to, for the caller to dispose of. */
  layers(): Layers;
  dispose(): void;
}

/** @throws RangeError unless there is a bias for each layer. */
export function checkLayers({ weights, biases }: Layers): void {
  if (weights.length === 0 || biases.length !== weights.length) {
    throw new RangeError(`expected a bias for each layer, got ${biases.length} for ${weights.length} layers`);
  }
}

/** What the layers are called: l1, l2, … */
export function layerNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `l${i + 1}`);
}
