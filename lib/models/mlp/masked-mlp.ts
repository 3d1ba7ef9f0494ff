import { tf } from "../../backend/tf";
import { requireInteger } from "../../checks/check-range";
import { inspect, modelText } from "../model-text";
import { checkInputs, type FeedForwardOptions, feedForward } from "./feed-forward";
import { checkLayers, type Layers, layerNames, type Perceptron } from "./layers";

/**
 * A multi-layer perceptron that keeps only its weights of largest magnitude, over all layers together (Han et al. 2015,
 * without their retraining): the others are 0 and stay so. Biases are kept.
 */
export class MaskedMLP implements Perceptron {
  /** l1.weight [outputs, inputs], l1.bias, l2.weight, …; of a weight that is not kept the value does not matter. */
  readonly parameters: Record<string, tf.Variable> = {};
  /** l1.mask [outputs, inputs], l2.mask, …: 1 for a weight that is kept, 0 for another. Not trained, but saved. */
  readonly buffers: Record<string, tf.Variable> = {};
  private readonly names: string[];
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
   * The logits [examples, outputs] for the inputs `x` [examples, inputs].
   *
   * @throws RangeError if `x` has another width
   */
  forward(x: tf.Tensor2D): tf.Tensor2D {
    checkInputs(x, this.inputs);
    const layers = this.names.map((name) => ({
      times: (inputs: tf.Tensor2D) => tf.matMul<tf.Tensor2D>(inputs, this.masked(name), false, true),
      bias: this.parameters[`${name}.bias`]!,
    }));
    return tf.tidy(() => feedForward(x, layers, this.options).logits);
  }

  /** The layers, with 0 where a weight is not kept, for the caller to dispose of. */
  layers(): Layers {
    return {
      weights: this.names.map((name) => this.masked(name)),
      biases: this.names.map((name) => this.parameters[`${name}.bias`]!.clone()),
    };
  }

  /** Frees the memory of parameters and masks; the network is of no use afterwards. */
  dispose(): void {
    tf.dispose([this.parameters, this.buffers]);
  }

  /** The model's parameters with their shapes, as `console.log` shows them. */
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
