import { tf } from "../../backend/tf";
import { requireInteger } from "../../checks/check-range";
import { svd } from "../../linalg/svd";
import { inspect, modelText } from "../model-text";
import { checkInputs, type FeedForwardOptions, feedForward } from "./feed-forward";
import { checkLayers, type Layers, layerNames, type Perceptron } from "./layers";

/**
 * A multi-layer perceptron whose hidden layers are products of two factors, W = left · right, which bounds their ranks:
 * each is a linear bottleneck of that width. The last layer has a full weight matrix.
 */
export class LowRankMLP implements Perceptron {
  /** l1.left [outputs, rank], l1.right [rank, inputs], l1.bias, l2.left, …; for the last layer, weight and bias. */
  readonly parameters: Record<string, tf.Variable> = {};
  private readonly names: string[];
  private readonly inputs: number;

  /**
   * Factors given layers by truncated singular value decompositions, the nearest matrices of these ranks (Eckart &
   * Young 1936), with the square root of each singular value in both factors.
   *
   * @param layers At least one hidden layer and the last one; they are copied, and the caller still owns them.
   * @param ranks The ranks of the hidden layers, integers in [1, min(outputs, inputs)].
   * @param options Options of perceptrons. Default: {}.
   * @throws RangeError for other ranks, a different number of ranks than of hidden layers, or of biases than of layers.
   */
  constructor(
    { weights, biases }: Layers,
    ranks: readonly number[],
    private readonly options: FeedForwardOptions = {},
  ) {
    checkLayers({ weights, biases });
    if (weights.length < 2 || ranks.length !== weights.length - 1) {
      throw new RangeError(
        `expected a rank for each hidden layer, got ${ranks.length} ranks for ${weights.length} layers`,
      );
    }
    for (const [i, rank] of ranks.entries()) {
      requireInteger(`the rank of layer l${i + 1}`, rank, 1, Math.min(...weights[i]!.shape));
    }
    this.names = layerNames(weights.length);
    this.inputs = weights[0]!.shape[1];
    tf.tidy(() => {
      for (const [i, weight] of weights.entries()) {
        const layer = `l${i + 1}`;
        const parts = i < ranks.length ? factors(weight, ranks[i]!) : { weight };
        for (const [name, part] of Object.entries(parts))
          this.parameters[`${layer}.${name}`] = tf.variable(part);
        this.parameters[`${layer}.bias`] = tf.variable(biases[i]!);
      }
    });
  }

  /**
   * Computes the logits [examples, outputs] for the inputs `x` [examples, inputs].
   *
   * @throws RangeError for inputs of another shape.
   */
  forward(x: tf.Tensor2D): tf.Tensor2D {
    checkInputs(x, this.inputs);
    const layers = this.names.map((name) => ({
      times: (inputs: tf.Tensor2D) => this.times(inputs, name),
      bias: this.parameters[`${name}.bias`]!,
    }));
    return tf.tidy(() => feedForward(x, layers, this.options).logits);
  }

  /** Returns new tensors of biases and weights, with factors multiplied, which the caller must dispose of. */
  layers(): Layers {
    return {
      weights: this.names.map((name) => {
        const {
          [`${name}.left`]: left,
          [`${name}.right`]: right,
          [`${name}.weight`]: weight,
        } = this.parameters;
        return weight ? (weight.clone() as tf.Tensor2D) : tf.matMul<tf.Tensor2D>(left!, right!);
      }),
      biases: this.names.map((name) => this.parameters[`${name}.bias`]!.clone()),
    };
  }

  /** Frees the parameters; the network cannot be used afterwards. */
  dispose(): void {
    tf.dispose(this.parameters);
  }

  /** Returns the text that `console.log` prints: the parameters with their shapes. */
  [inspect](): string {
    return modelText(this.constructor.name, this.parameters);
  }

  private times(inputs: tf.Tensor2D, name: string): tf.Tensor2D {
    const { [`${name}.left`]: left, [`${name}.right`]: right, [`${name}.weight`]: weight } = this.parameters;
    if (weight) return tf.matMul(inputs, weight, false, true);
    return tf.matMul(tf.matMul<tf.Tensor2D>(inputs, right!, false, true), left!, false, true);
  }
}

function factors(weight: tf.Tensor2D, rank: number): { left: tf.Tensor2D; right: tf.Tensor2D } {
  const { u, s, v } = svd(weight);
  const roots = tf.tensor1d(Float32Array.from(s.subarray(0, rank), Math.sqrt));
  const scaled = (vectors: tf.Tensor2D) => vectors.slice([0, 0], [-1, rank]).mul<tf.Tensor2D>(roots);
  return { left: scaled(u), right: scaled(v).transpose() };
}
