import type { tf } from "../../backend/tf";

/** A linear layer, whatever its weights are made of. */
export interface LinearLayer {
  /** x · Wᵀ [examples, outputs] for x [examples, inputs]. */
  times(x: tf.Tensor2D): tf.Tensor2D;
  bias: tf.Tensor;
}

/** Options of perceptrons. */
export interface FeedForwardOptions {
  /** Whether a hidden layer adds its input to its output, where both are of one width (He et al. 2016). Default: false. */
  skip?: boolean;
}

/**
 * Linear layers with ReLU after all but the last.
 *
 * @param x [examples, inputs]
 * @returns The activities of the last hidden layer, and what the last layer makes of them. To be called in a `tidy`.
 */
export function feedForward(
  x: tf.Tensor2D,
  layers: readonly LinearLayer[],
  { skip = false }: FeedForwardOptions = {},
): { hidden: tf.Tensor2D; logits: tf.Tensor2D } {
  const sums = (layer: LinearLayer, activities: tf.Tensor2D) =>
    layer.times(activities).add<tf.Tensor2D>(layer.bias);
  const hidden = layers.slice(0, -1).reduce((activities, layer) => {
    const next = sums(layer, activities).relu<tf.Tensor2D>();
    return skip && next.shape[1] === activities.shape[1] ? next.add<tf.Tensor2D>(activities) : next;
  }, x);
  return { hidden, logits: sums(layers.at(-1)!, hidden) };
}

/** @throws RangeError unless x is [examples, inputs] */
export function checkInputs(x: tf.Tensor2D, inputs: number): void {
  if (x.rank !== 2 || x.shape[1] !== inputs) {
    throw new RangeError(`expected inputs [examples, ${inputs}], got [${x.shape.join(", ")}]`);
  }
}
