import { tf } from "../../backend/tf";
import { feedForward } from "../mlp/feed-forward";
import { GREYDANUS_SIZES, type Part, partsOf } from "./subspace-layout";

/** A network as a pure function of its parameters. */
export interface Architecture {
  /** The number of features of an example. */
  readonly inputs: number;
  /** The parameters in their order in the flat vector θ. */
  readonly parts: readonly Part[];
  /**
   * Computes the logits.
   *
   * @param layers The parameters by name, in the shapes of the parts.
   * @param x [examples, inputs]
   * @returns The logits [examples, classes].
   */
  forward(layers: Record<string, tf.Tensor>, x: tf.Tensor2D): tf.Tensor2D;
}

/**
 * The multi-layer perceptron of notebook 00: linear layers with ReLU between them, whose last one computes logits. In θ
 * the weights W1, W2, …, which are [inputs, outputs], precede the biases b1, b2, …; only this network follows the
 * original in this layout.
 *
 * @param sizes The numbers of inputs, of units in each hidden layer, and of outputs, two or more integers ≥ 1. Default:
 *   [784, 200, 200, 10].
 * @throws RangeError for other sizes.
 */
export function perceptron(sizes: readonly number[] = GREYDANUS_SIZES): Architecture {
  return {
    inputs: sizes[0]!,
    parts: partsOf(sizes),
    forward(layers, x) {
      const linear = sizes.slice(1).map((_, i) => ({
        times: (inputs: tf.Tensor2D) => tf.matMul<tf.Tensor2D>(inputs, layers[`W${i + 1}`]!),
        bias: layers[`b${i + 1}`]!,
      }));
      return feedForward(x, linear).logits;
    },
  };
}
