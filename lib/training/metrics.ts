import { tf } from "../backend/tf";

/**
 * Whether each example's largest output is that of its label, 1 or 0: averaged by the trainer, the accuracy.
 *
 * @param outputs [batch, classes]
 * @param labels int32, [batch]
 * @returns float32, [batch]
 */
export function accuracy(outputs: tf.Tensor, labels: tf.Tensor): tf.Tensor1D {
  return tf.tidy(() => tf.cast(tf.equal(tf.argMax(outputs, 1), labels), "float32") as tf.Tensor1D);
}

/**
 * The mean of the squared differences: PyTorch's `nn.functional.mse_loss`.
 *
 * @param outputs Of any shape.
 * @param targets Of the same shape.
 * @throws Error for shapes that differ, which would be broadcast.
 */
export function meanSquaredError(outputs: tf.Tensor, targets: tf.Tensor): tf.Scalar {
  if (!tf.util.arraysEqual(outputs.shape, targets.shape)) {
    throw new Error(`outputs are [${outputs.shape}] and targets [${targets.shape}], expected one shape`);
  }
  return tf.tidy(() => tf.mean(tf.squaredDifference(outputs, targets)));
}
