import { softmaxCrossEntropy } from "../backend/softmax-cross-entropy";
import { tf } from "../backend/tf";

/** Options of `crossEntropy`. */
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
 * tensor are not checked here, since that would wait for their values; `Trainer` and `evaluate` check them beforehand.
 * A step that is compiled must take its labels as a tensor.
 *
 * @param logits [batch, classes]
 * @param labels [batch], integers from 0 to below `classes`; a tensor is int32.
 * @throws Error for logits that are no matrix, another number of labels, or a label out of range.
 */
export function crossEntropy(
  logits: tf.Tensor,
  labels: tf.Tensor | Int32Array | Uint8Array,
  { reduction = "mean" }: CrossEntropyOptions = {},
): tf.Scalar {
  if (logits.rank !== 2) throw new Error(`Logits are [${logits.shape}], expected [batch, classes]`);
  const [batch, classes] = logits.shape as [number, number];
  checkLabels(labels, batch, classes);
  return tf.tidy(() => {
    const tensor =
      labels instanceof tf.Tensor ? (labels as tf.Tensor1D) : tf.tensor1d(new Int32Array(labels));
    // A compiled step would make this of a division, which rounds otherwise.
    const factor = reduction === "mean" ? 1 / batch : 1;
    const loss = tf.customGrad<tf.Scalar>((logits, save) => {
      const { losses, gradients } = softmaxCrossEntropy(logits as tf.Tensor2D, tensor);
      (save as tf.GradSaveFunc)([gradients]);
      return {
        value: tf.mul(tf.sum(losses), factor),
        gradFunc: (dy, [gradients]) => tf.mul(gradients!, tf.mul(dy, factor)),
      };
    });
    return loss(logits as tf.Tensor2D);
  });
}

/**
 * @throws Error for a label that is no class of the outputs, which a compiled step would not notice on every backend.
 */
crossEntropy.checkTargets = (labels: tf.Tensor, logits: tf.Tensor): void => {
  checkLabels(labels, labels.shape[0] ?? 0, logits.shape[1]!);
  checkLabelRange(labels.dataSync<"int32">(), logits.shape[1]!);
};

function checkLabels(labels: tf.Tensor | Int32Array | Uint8Array, batch: number, classes: number): void {
  const shape = labels instanceof tf.Tensor ? labels.shape : [labels.length];
  if (!tf.util.arraysEqual(shape, [batch])) throw new Error(`Labels are [${shape}], expected [${batch}]`);
  if (labels instanceof tf.Tensor) {
    if (labels.dtype !== "int32") throw new Error(`Labels are ${labels.dtype}, expected int32`);
    return;
  }
  checkLabelRange(labels, classes);
}

/** @throws Error for a label that is not below `classes`. */
function checkLabelRange(labels: Int32Array | Uint8Array, classes: number): void {
  for (const [i, label] of labels.entries()) {
    if (label < 0 || label >= classes) {
      throw new Error(`Label ${i} is ${label}, expected an integer from 0 to ${classes - 1}`);
    }
  }
}
