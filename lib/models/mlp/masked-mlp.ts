import { tf } from "../../backend/tf";
import { requireInteger } from "../../checks/check-range";
import { inspect, modelText } from "../model-text";
import { checkInputs, type FeedForwardOptions, feedForward } from "./feed-forward";
import { checkLayers, type Layers, layerNames, type Perceptron } from "./layers";

/**
 * A multi-layer perceptron with global magnitude pruning (Han et al. 2015, without their retraining): only the weights
 * of largest magnitude over all layers are kept, and the others are fixed at 0. Biases are kept.
 */
export class MaskedMLP implements Perceptron {
  /** l1.weight [outputs, inputs], l1.bias [outputs], l2.weight, …; the values of pruned weights have no effect. */
  readonly parameters: Record<string, tf.Variable> = {};
  /** l1.mask [outputs, inputs], l2.mask, …: 1 for a kept weight, 0 for a pruned one. Saved but not trained. */
  readonly buffers: Record<string, tf.Variable> = {};
  private readonly names: string[];
  private readonly inputs: number;

  /**
   * Prunes given layers.
   *
   * @param layers The layers from the first to the last; they are copied, and the caller still owns them.
   * @param kept The number of kept weights, in [1, the number of weights]. Among equal magnitudes the first are kept.
   * @param options Options of perceptrons. Default: {}.
   * @throws RangeError for another number of kept weights, or a different number of biases than of layers.
   */
  constructor(
    { weights, biases }: Layers,
    kept: number,
    private readonly options: FeedForwardOptions = {},
  ) {
    checkLayers({ weights, biases });
    const total = weights.reduce((sum, { size }) => sum + size, 0);
    requireInteger("MaskedMLP: kept", kept, 1, total);
    this.inputs = weights[0]!.shape[1];
    this.names = layerNames(weights.length);
    const masks = masksOf(weights, kept);
    for (const [i, weight] of weights.entries()) {
      this.parameters[`l${i + 1}.weight`] = tf.variable(weight);
      this.parameters[`l${i + 1}.bias`] = tf.variable(biases[i]!);
      this.buffers[`l${i + 1}.mask`] = tf.variable(masks[i]!, false);
    }
    tf.dispose(masks);
  }

  /**
   * Computes the logits [examples, outputs] for the inputs `x` [examples, inputs].
   *
   * @throws RangeError for inputs of another shape.
   */
  forward(x: tf.Tensor2D): tf.Tensor2D {
    checkInputs(x, this.inputs);
    const layers = this.names.map((name) => ({
      times: (inputs: tf.Tensor2D) => tf.matMul<tf.Tensor2D>(inputs, this.masked(name), false, true),
      bias: this.parameters[`${name}.bias`]!,
    }));
    return tf.tidy(() => feedForward(x, layers, this.options).logits);
  }

  /** Returns new tensors of the biases and of the weights, with pruned ones 0, which the caller must dispose of. */
  layers(): Layers {
    return {
      weights: this.names.map((name) => this.masked(name)),
      biases: this.names.map((name) => this.parameters[`${name}.bias`]!.clone()),
    };
  }

  /** Frees the parameters and masks; the network cannot be used afterwards. */
  dispose(): void {
    tf.dispose([this.parameters, this.buffers]);
  }

  /** Returns the text that `console.log` prints: the parameters and masks with their shapes. */
  [inspect](): string {
    return modelText(this.constructor.name, this.parameters, { masks: this.buffers });
  }

  private masked(name: string): tf.Tensor2D {
    return this.parameters[`${name}.weight`]!.mul<tf.Tensor2D>(this.buffers[`${name}.mask`]!);
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
    return tf.tensor2d(mask, weights[i]!.shape);
  });
}
