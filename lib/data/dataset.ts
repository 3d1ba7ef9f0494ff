import { tf } from "../backend/tf";
import type { TorchGenerator } from "../random/torch";

/**
 * Inputs and targets that a model is trained or evaluated on. Both are taken by tensor operations only, so that they
 * can be part of a compiled step.
 */
export interface Dataset {
  /** The number of examples. */
  readonly count: number;
  /**
   * The inputs of some examples.
   *
   * @param indices int32, [batch], each from 0 to below `count`.
   * @returns [batch, …]
   */
  inputs(indices: tf.Tensor1D): tf.Tensor;
  /**
   * Their targets, such as class labels, int32 [batch], or the numbers of a regression, float32 [batch, outputs].
   *
   * @param indices int32, [batch], each from 0 to below `count`.
   * @returns [batch, …]
   */
  targets(indices: tf.Tensor1D): tf.Tensor;
  /**
   * Draws a variant of an example, such as a random crop, as a loader does for each example of each pass. Variant v of
   * example i has the index i + v · `count`; variant 0 is the example as it is. Default: there is no other.
   *
   * @returns An integer ≥ 0.
   */
  drawVariant?(generator: TorchGenerator): number;
}

/**
 * A data set of tensors whose first axis counts the examples: PyTorch's `TensorDataset`.
 *
 * @example
 * const dataset = new TensorDataset(tf.randomNormal([1000, 20]), tf.randomNormal([1000, 1]));
 */
export class TensorDataset implements Dataset {
  readonly count: number;
  private readonly all: { inputs: tf.Tensor; targets: tf.Tensor };

  /**
   * @param inputs [examples, …]; kept until `dispose`, also where the given tensor is disposed of.
   * @param targets [examples, …]; the same. For an autoencoder these are the inputs.
   * @throws RangeError unless both have one first axis, of at least one example.
   */
  constructor(inputs: tf.Tensor, targets: tf.Tensor) {
    const [count, others] = [inputs.shape[0], targets.shape[0]];
    if (!count || count !== others) {
      throw new RangeError(
        `inputs are [${inputs.shape}] and targets [${targets.shape}], expected one first axis, of 1 or more examples`,
      );
    }
    this.count = count;
    this.all = { inputs: tf.keep(inputs.clone()), targets: tf.keep(targets.clone()) };
  }

  inputs(indices: tf.Tensor1D): tf.Tensor {
    return tf.gather(this.all.inputs, indices);
  }

  targets(indices: tf.Tensor1D): tf.Tensor {
    return tf.gather(this.all.targets, indices);
  }

  /** Frees its tensors; it is of no use afterwards. */
  dispose(): void {
    tf.dispose(this.all);
  }
}
