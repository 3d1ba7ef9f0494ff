import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend";
import { nativeBinding } from "./backend";
import { tf } from "./tf";

/** The cross entropy of each example and its gradient with respect to the logits. */
export interface CrossEntropies {
  /** The loss of each example, [batch]. */
  losses: tf.Tensor1D;
  /** The gradient of each example's loss with respect to its logits, [batch, classes]. */
  gradients: tf.Tensor2D;
}

/**
 * Computes the cross entropy −log softmax(logits)[label] of each example, with its gradient, stably for logits of any
 * finite size: `tf.nn.sparse_softmax_cross_entropy_with_logits`, one operation on TensorFlow. The gradient tape does
 * not record it.
 *
 * @param logits [batch, classes]
 * @param labels The class of each example [batch], int32, in [0, classes).
 * @throws Error on TensorFlow for a label out of range; on the other backends its loss is 0.
 */
export function softmaxCrossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D): CrossEntropies {
  return nativeBinding() ? fused(logits, labels) : composed(logits, labels);
}

function fused(logits: tf.Tensor2D, labels: tf.Tensor1D): CrossEntropies {
  const backend = tf.backend() as NodeJSKernelBackend;
  const { TF_ATTR_TYPE: type, TF_FLOAT, TF_INT32 } = backend.binding;
  const attributes = [
    { name: "T", type, value: TF_FLOAT },
    { name: "Tlabels", type, value: TF_INT32 },
  ];
  const op = "SparseSoftmaxCrossEntropyWithLogits";
  const [losses, gradients] = backend.executeMultipleOutputs(op, attributes, [logits, labels], 2);
  return { losses: losses as tf.Tensor1D, gradients: gradients as tf.Tensor2D };
}

function composed(logits: tf.Tensor2D, labels: tf.Tensor1D): CrossEntropies {
  const [batch, classes] = logits.shape;
  const logSoftmax = tf.logSoftmax(logits);
  const isLabel = tf.equal(tf.reshape(labels, [batch, 1]), tf.range(0, classes, 1, "int32"));
  // Selecting avoids the product 0 · −∞, which is NaN.
  const selected = tf.where(isLabel, logSoftmax, tf.zerosLike(logSoftmax));
  return { losses: tf.sum<tf.Tensor1D>(selected, 1).neg(), gradients: tf.sub(tf.exp(logSoftmax), isLabel) };
}
