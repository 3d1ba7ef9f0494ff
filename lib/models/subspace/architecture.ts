import { tf } from "../../backend/tf";
import { feedForward } from "../mlp/feed-forward";
import { greydanusSizes, type Part, partsOf } from "./subspace-layout";

/** A network as a pure function of its parameters. */
export interface Architecture {
  /** The number of features of an example. */
  readonly inputs: number;
  /** The parameters in the order of a flat θ. */
  readonly parts: readonly Part[];
  /**
   * @param layers The parameters by their names, in the shapes of the parts.
   * @param x [examples, inputs]
   * @returns Logits [examples, classes].
   */
  forward(layers: Record<string, tf.Tensor>, x: tf.Tensor2D): tf.Tensor2D;
}

/**
 * Notebook 00's multi-layer perceptron: ReLU between linear layers W1, b1, W2, …, of which the last gives logits.
 * Weights are [inputs, outputs], and all lie before all biases: the document's order, this net's alone.
 *
 * @param sizes The number of inputs, of units in each hidden layer, and of outputs. Default: [784, 200, 200, 10].
 * @throws RangeError unless `sizes` is two or more positive integers
 */
export function perceptron(sizes: readonly number[] = greydanusSizes): Architecture {
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
