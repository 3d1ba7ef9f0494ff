import type { tf } from "../backend/tf";
import type { NamedVariables } from "../checkpoint/variables";

/**
 * Anything that can be trained: a class of one's own, or an object made in a cell.
 *
 * @example
 * const parameters = { weight: tf.variable(tf.zeros([20, 1])), bias: tf.variable(tf.zeros([1])) };
 * const model = {
 *   parameters,
 *   forward: (x: tf.Tensor2D) => tf.add(tf.matMul(x, parameters.weight), parameters.bias),
 * };
 */
export interface Model {
  /** The variables that are trained, by name. */
  readonly parameters: NamedVariables;
  /**
   * Variables that are saved with the parameters but not trained, such as the masks of a pruned network or the running
   * statistics of batch normalization.
   */
  readonly buffers?: NamedVariables;
  /**
   * The outputs for a batch of inputs, by tensor operations only.
   *
   * @param inputs [batch, …]
   * @returns [batch, …]
   */
  forward(inputs: tf.Tensor): tf.Tensor;
  /**
   * The outputs in training, where they are not those of `forward`, which then evaluates: what PyTorch's modules compute
   * after `train()` and `eval()`. It may assign the buffers, as batch normalization does, and is always given a whole
   * batch. Default: `forward`.
   */
  trainingForward?(inputs: tf.Tensor): tf.Tensor;
  /** Frees its variables. Default: parameters and buffers are disposed of. */
  dispose?(): void;
}
