import type { tf } from "../../backend/tf";

/** A linear layer, whose weights may be dense, masked or factored. */
export interface LinearLayer {
  /** Computes x · Wᵀ [examples, outputs] for x [examples, inputs]. */
  times(x: tf.Tensor2D): tf.Tensor2D;
  /** [outputs] */
  bias: tf.Tensor;
}

/** Options of perceptrons. */
export interface FeedForwardOptions {
  /** Whether hidden layers of equal input and output width add their input to their output. Default: false. */
  skip?: boolean;
}

/**
 * Applies linear layers with ReLU after all but the last, with optional skip connections (He et al. 2016). It must be
 * called in a `tf.tidy`.
 *
 * @param x [examples, inputs]
 * @param layers The layers from the first to the last, at least one.
 * @returns The activations of the last hidden layer [examples, units], and the logits [examples, outputs].
 */
export function feedForward(
  x: tf.Tensor2D,
  layers: readonly LinearLayer[],
  { skip = false }: FeedForwardOptions = {},
): { hidden: tf.Tensor2D; logits: tf.Tensor2D } {
  const sums = (layer: LinearLayer, activations: tf.Tensor2D) =>
    layer.times(activations).add<tf.Tensor2D>(layer.bias);
  const hidden = layers.slice(0, -1).reduce((activations, layer) => {
    const next = sums(layer, activations).relu<tf.Tensor2D>();
    return skip && next.shape[1] === activations.shape[1] ? next.add<tf.Tensor2D>(activations) : next;
  }, x);
  return { hidden, logits: sums(layers.at(-1)!, hidden) };
}

/**
 * Checks the shape of a network's inputs.
 *
 * @throws RangeError unless x is [examples, inputs].
 */
export function checkInputs(x: tf.Tensor2D, inputs: number): void {
  if (x.rank !== 2 || x.shape[1] !== inputs) {
    throw new RangeError(`expected inputs [examples, ${inputs}], got [${x.shape.join(", ")}]`);
  }
}
