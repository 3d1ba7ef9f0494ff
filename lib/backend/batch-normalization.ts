import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend";
import { nativeBinding } from "./backend";
import { tf } from "./tf";

/** What the normalization of a batch needs besides its values and their weight and bias. */
export interface BatchStatistics {
  /** The running mean and variance before the batch, [channels]. */
  runningMean: tf.Tensor;
  runningVariance: tf.Tensor;
  /** The share of the batch in the running statistics after it. */
  momentum: number;
  /** Added to the variance. */
  epsilon: number;
}

/** A normalized batch, and what it is differentiated by. */
export interface NormalizedBatch {
  /** Of the batch's shape. */
  outputs: tf.Tensor;
  /** The running mean and variance after the batch, [channels]. */
  runningMean: tf.Tensor;
  runningVariance: tf.Tensor;
  /** What `batchNormalizationGradients` is given. */
  saved: tf.Tensor[];
}

/**
 * Normalizes each channel of a batch by its own mean and biased variance, then scales and shifts it; the running
 * variance takes in the unbiased one. On TensorFlow it is one operation. The gradient tape must not record it.
 *
 * @param x [examples, height, width, channels], of two or more values a channel.
 * @param weight [channels]
 * @param bias [channels]
 */
export function batchNormalization(
  x: tf.Tensor,
  weight: tf.Tensor,
  bias: tf.Tensor,
  statistics: BatchStatistics,
): NormalizedBatch {
  return nativeBinding() ? fused(x, weight, bias, statistics) : composed(x, weight, bias, statistics);
}

/**
 * The gradients of a loss with respect to the batch, the weight and the bias.
 *
 * @param dy The gradient with respect to the outputs.
 * @param saved What `batchNormalization` saved.
 */
export function batchNormalizationGradients(
  dy: tf.Tensor,
  saved: tf.Tensor[],
  epsilon: number,
): [tf.Tensor, tf.Tensor, tf.Tensor] {
  return nativeBinding() ? fusedGradients(dy, saved, epsilon) : composedGradients(dy, saved);
}

function fused(
  x: tf.Tensor,
  weight: tf.Tensor,
  bias: tf.Tensor,
  statistics: BatchStatistics,
): NormalizedBatch {
  const { runningMean, runningVariance, momentum, epsilon } = statistics;
  const backend = tf.backend() as NodeJSKernelBackend;
  const share = { name: "exponential_avg_factor", type: backend.binding.TF_ATTR_FLOAT, value: momentum };
  const [outputs, mean, variance, ...reserved] = backend.executeMultipleOutputs(
    "FusedBatchNormV3",
    [...attributes(backend, epsilon), share],
    [x, weight, bias, runningMean, runningVariance],
    6,
  );
  return {
    outputs: outputs!,
    runningMean: mean!,
    runningVariance: variance!,
    saved: [x, weight, ...reserved],
  };
}

function fusedGradients(
  dy: tf.Tensor,
  saved: tf.Tensor[],
  epsilon: number,
): [tf.Tensor, tf.Tensor, tf.Tensor] {
  const backend = tf.backend() as NodeJSKernelBackend;
  const [dx, dWeight, dBias] = backend.executeMultipleOutputs(
    "FusedBatchNormGradV3",
    attributes(backend, epsilon),
    [dy, ...saved],
    5,
  );
  return [dx!, dWeight!, dBias!];
}

function attributes({ binding }: NodeJSKernelBackend, epsilon: number) {
  return [
    { name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: "U", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: "epsilon", type: binding.TF_ATTR_FLOAT, value: epsilon },
    { name: "data_format", type: binding.TF_ATTR_STRING, value: "NHWC" },
    { name: "is_training", type: binding.TF_ATTR_BOOL, value: true },
  ];
}

/** All axes but the last. */
const AXES = [0, 1, 2];

function composed(
  x: tf.Tensor,
  weight: tf.Tensor,
  bias: tf.Tensor,
  statistics: BatchStatistics,
): NormalizedBatch {
  const { runningMean, runningVariance, momentum, epsilon } = statistics;
  const mean = tf.mean(x, AXES);
  const centred = tf.sub(x, mean);
  const variance = tf.mean(tf.square(centred), AXES);
  const inverse = tf.rsqrt(tf.add(variance, epsilon));
  const normalized = tf.mul(centred, inverse);
  const values = x.size / x.shape.at(-1)!;
  const unbiased = tf.mul(variance, values / (values - 1));
  const after = (running: tf.Tensor, now: tf.Tensor) =>
    tf.add(tf.mul(running, 1 - momentum), tf.mul(now, momentum));
  return {
    outputs: tf.add(tf.mul(normalized, weight), bias),
    runningMean: after(runningMean, mean),
    runningVariance: after(runningVariance, unbiased),
    saved: [normalized, tf.mul(inverse, weight)],
  };
}

/** Ioffe and Szegedy 2015, section 3, with the gradients of mean and variance put in. */
function composedGradients(
  dy: tf.Tensor,
  [normalized, scale]: tf.Tensor[],
): [tf.Tensor, tf.Tensor, tf.Tensor] {
  const dBias = tf.sum(dy, AXES);
  const dWeight = tf.sum(tf.mul(dy, normalized!), AXES);
  const values = dy.size / dy.shape.at(-1)!;
  const constant = tf.div(dBias, values);
  const along = tf.mul(normalized!, tf.div(dWeight, values));
  return [tf.mul(tf.sub(tf.sub(dy, constant), along), scale!), dWeight, dBias];
}
