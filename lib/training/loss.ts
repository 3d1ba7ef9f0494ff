import { tf } from "../backend/tf";

export interface CrossEntropyOptions {
  /** Whether the loss is the examples' mean or sum. Default: "mean". */
  reduction?: "mean" | "sum";
}

/**
 * The cross entropy of softmax(logits) against labels, −log softmax(logits)[label]: PyTorch's
 * `nn.functional.cross_entropy`. Stable for logits of any finite size.
 *
 * Its gradient with respect to the logits is softmax − one-hot, over the examples' number for the mean.
 *
 * Departures from PyTorch: no class weights, ignored label or label smoothing; no second derivative. Labels in a
 * tensor are not checked, since that would wait for their values: one out of range adds nothing to the loss. A step
 * that is recorded must take its labels as a tensor.
 *
 * @param logits [batch, classes]
 * @param labels [batch], integers from 0 to below `classes`; a tensor is int32.
 * @throws Error for logits that are no matrix, another number of labels, or a label out of range.
 */
export function crossEntropy(
  logits: tf.Tensor2D,
  labels: tf.Tensor1D | Int32Array | Uint8Array,
  { reduction = "mean" }: CrossEntropyOptions = {},
): tf.Scalar {
  if (logits.rank !== 2) throw new Error(`Logits are [${logits.shape}], expected [batch, classes]`);
  const [batch, classes] = logits.shape;
  checkLabels(labels, batch, classes);
  return tf.tidy(() => {
    const tensor = labels instanceof tf.Tensor ? labels : tf.tensor1d(new Int32Array(labels));
    const isLabel = tf.equal(tf.reshape(tensor, [batch, 1]), tf.range(0, classes, 1, "int32"));
    return negativeLogLikelihood(logits, isLabel, reduction === "mean" ? batch : 1);
  });
}

/** −Σ log softmax(logits) over the true entries of `isLabel` [batch, classes], over a divisor. */
function negativeLogLikelihood(logits: tf.Tensor2D, isLabel: tf.Tensor, divisor: number): tf.Scalar {
  const loss = tf.customGrad<tf.Scalar>((logits, save) => {
    const logSoftmax = tf.logSoftmax(logits as tf.Tensor);
    (save as tf.GradSaveFunc)([logSoftmax, isLabel]);
    // Selected and not multiplied by 0, which would make NaN of −∞.
    const selected = tf.where(isLabel, logSoftmax, tf.zerosLike(logSoftmax));
    return {
      value: tf.div(tf.sum(selected), -divisor),
      gradFunc: (dy, [logSoftmax, isLabel]) =>
        tf.mul(tf.sub(tf.exp(logSoftmax), isLabel), tf.div(dy, divisor)),
    };
  });
  return loss(logits);
}

function checkLabels(labels: tf.Tensor1D | Int32Array | Uint8Array, batch: number, classes: number): void {
  const shape = labels instanceof tf.Tensor ? labels.shape : [labels.length];
  if (!tf.util.arraysEqual(shape, [batch])) throw new Error(`Labels are [${shape}], expected [${batch}]`);
  if (labels instanceof tf.Tensor) {
    if (labels.dtype !== "int32") throw new Error(`Labels are ${labels.dtype}, expected int32`);
    return;
  }
  checkLabelRange(labels, classes);
}

/** @throws Error for a label that is not below `classes`. */
export function checkLabelRange(labels: Int32Array | Uint8Array, classes: number): void {
  for (const [i, label] of labels.entries()) {
    if (label < 0 || label >= classes) {
      throw new Error(`Label ${i} is ${label}, expected an integer from 0 to ${classes - 1}`);
    }
  }
}
