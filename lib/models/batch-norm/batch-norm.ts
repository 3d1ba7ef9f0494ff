import { batchNormalization, batchNormalizationGradients } from "../../backend/batch-normalization";
import { tf } from "../../backend/tf";
import { requireInteger, requireNumber } from "../../checks/check-range";

/** The variables of a batch normalization, each [channels]. */
export interface BatchNormVariables {
  /** The scale and the shift, which are trained: a model's parameters. */
  weight: tf.Variable;
  bias: tf.Variable;
  /** The statistics that evaluation normalizes by, which a forward pass in training assigns: a model's buffers. */
  runningMean: tf.Variable;
  runningVariance: tf.Variable;
}

/** Options of `batchNorm`. */
export interface BatchNormOptions {
  /** Whether the batch is normalized by its own statistics, rather than by the running ones. */
  training: boolean;
  /** The share of each batch in the running statistics, in [0, 1]. Default: 0.1. */
  momentum?: number;
  /** Added to the variance, > 0. Default: 1e-5. */
  eps?: number;
}

/**
 * The variables of a batch normalization as PyTorch's start: weights and running variances 1, biases and running means
 * 0.
 *
 * @param channels An integer ≥ 1.
 * @throws RangeError for another number of channels.
 */
export function batchNormVariables(channels: number): BatchNormVariables {
  requireInteger("batchNormVariables: channels", channels, 1);
  return tf.tidy(() => ({
    weight: tf.variable(tf.ones([channels])),
    bias: tf.variable(tf.zeros([channels])),
    runningMean: tf.variable(tf.zeros([channels]), false),
    runningVariance: tf.variable(tf.ones([channels]), false),
  }));
}

/**
 * Batch normalization (Ioffe and Szegedy 2015): PyTorch's `BatchNorm2d`.
 *
 * In training each channel is normalized by the mean and the biased variance of the batch, and the running statistics
 * are assigned (1 − momentum) · running + momentum · batch, with the unbiased variance. In evaluation it is normalized
 * by the running statistics. It runs inside of `compile`, on TensorFlow as one operation.
 *
 * Departures from PyTorch: the channels are the last axis, and the number of batches is not counted. No second
 * derivative in training.
 *
 * @param x [examples, height, width, channels]
 * @returns Of the same shape: (x − mean) / √(variance + eps) · weight + bias.
 * @throws RangeError for another shape, an option out of its range, or in training a channel of a single value.
 *
 * @example
 * const normalized = batchNorm(maps, variables, { training: true });
 */
export function batchNorm(
  x: tf.Tensor4D,
  variables: BatchNormVariables,
  { training, momentum = 0.1, eps = 1e-5 }: BatchNormOptions,
): tf.Tensor4D {
  requireNumber("batchNorm: momentum", momentum, "[0, 1]");
  requireNumber("batchNorm: eps", eps, "(0, ∞)");
  checkInputs(x, variables.weight.size, training);
  return tf.tidy(() => {
    if (training) return ofBatch(x, variables, momentum, eps);
    const { weight, bias, runningMean, runningVariance } = variables as Record<
      keyof BatchNormVariables,
      tf.Tensor
    >;
    const [mean, variance, offset, scale] = [runningMean, runningVariance, bias, weight] as tf.Tensor1D[];
    return tf.batchNorm4d(x, mean!, variance!, offset, scale, eps);
  });
}

function ofBatch(
  x: tf.Tensor4D,
  { weight, bias, runningMean, runningVariance }: BatchNormVariables,
  momentum: number,
  epsilon: number,
): tf.Tensor4D {
  const normalize = tf.customGrad<tf.Tensor4D>((...inputs) => {
    const [x, weight, bias, save] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const statistics = { runningMean, runningVariance, momentum, epsilon };
    const result = batchNormalization(x, weight, bias, statistics);
    save(result.saved);
    runningMean.assign(result.runningMean);
    runningVariance.assign(result.runningVariance);
    return {
      value: result.outputs as tf.Tensor4D,
      gradFunc: (dy, saved) => batchNormalizationGradients(dy, saved, epsilon),
    };
  });
  return normalize(x, weight, bias);
}

function checkInputs({ rank, shape, size }: tf.Tensor, channels: number, training: boolean): void {
  if (rank !== 4 || shape[3] !== channels) {
    throw new RangeError(
      `batchNorm: expected inputs [examples, height, width, ${channels}], got [${shape.join(", ")}]`,
    );
  }
  if (training && size / channels < 2) {
    throw new RangeError(
      `batchNorm: expected two or more values a channel in training, got [${shape.join(", ")}]`,
    );
  }
}
