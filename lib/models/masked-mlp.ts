import { tf } from "../backend/tf";
import { checkInputs, type FeedForwardOptions, feedForward } from "./feed-forward";
import type { Layers } from "./low-rank-mlp";

/**
 * A multi-layer perceptron that keeps only its weights of largest magnitude, over all layers together (Han et al. 2015,
 * without their retraining): the others are 0 and stay so. Biases are kept.
 */
export class MaskedMLP {
  /** l1.weight [outputs, inputs], l1.bias, l2.weight, …; of a weight that is not kept the value does not matter. */
  readonly parameters: Record<string, tf.Variable> = {};
  private readonly masks: tf.Tensor2D[];
  private readonly inputs: number;

  /**
   * @param layers They stay their owner's.
   * @param kept How many weights are kept, from 1 to all of them. Of equal ones at the limit, the first.
   * @throws RangeError for another number, or biases that do not fit.
   */
  constructor(
    { weights, biases }: Layers,
    kept: number,
    private readonly options: FeedForwardOptions = {},
  ) {
    if (weights.length === 0 || biases.length !== weights.length) {
      throw new RangeError(
        `expected a bias for each layer, got ${biases.length} for ${weights.length} layers`,
      );
    }
    const total = weights.reduce((sum, { size }) => sum + size, 0);
    if (!Number.isInteger(kept) || kept < 1 || kept > total) {
      throw new RangeError(`expected 1 to ${total} weights to keep, got ${kept}`);
    }
    this.inputs = weights[0]!.shape[1];
    this.masks = masksOf(weights, kept);
    for (const [i, weight] of weights.entries()) {
      this.parameters[`l${i + 1}.weight`] = tf.variable(weight);
      this.parameters[`l${i + 1}.bias`] = tf.variable(biases[i]!);
    }
  }

  /**
   * The logits [examples, outputs] for the inputs `x` [examples, inputs].
   *
   * @throws RangeError if `x` has another width
   */
  forward(x: tf.Tensor2D): tf.Tensor2D {
    checkInputs(x, this.inputs);
    const layers = this.masks.map((mask, i) => ({
      times: (inputs: tf.Tensor2D) => {
        const weight = this.parameters[`l${i + 1}.weight`]!.mul<tf.Tensor2D>(mask);
        return tf.matMul<tf.Tensor2D>(inputs, weight, false, true);
      },
      bias: this.parameters[`l${i + 1}.bias`]!,
    }));
    return tf.tidy(() => feedForward(x, layers, this.options).logits);
  }

  /** Frees the memory of parameters and masks; the network is of no use afterwards. */
  dispose(): void {
    tf.dispose([this.parameters, this.masks]);
  }
}

function masksOf(weights: readonly tf.Tensor2D[], kept: number): tf.Tensor2D[] {
  const magnitudes = weights.map((weight) => weight.dataSync<"float32">().map(Math.abs));
  const all = new Float32Array(magnitudes.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const layer of magnitudes) {
    all.set(layer, start);
    start += layer.length;
  }
  const limit = all.sort()[all.length - kept]!;
  let atLimit = kept - all.filter((magnitude) => magnitude > limit).length;
  const isKept = (magnitude: number) => magnitude > limit || (magnitude === limit && atLimit-- > 0);
  return magnitudes.map((layer, i) => {
    const mask = layer.map((magnitude) => Number(isKept(magnitude)));
    return tf.keep(tf.tensor2d(mask, weights[i]!.shape));
  });
}
