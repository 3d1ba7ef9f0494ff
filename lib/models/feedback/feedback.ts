import { stopGradient } from "../../backend/stop-gradient";
import { tf } from "../../backend/tf";
import { requireInteger } from "../../checks/check-range";
import { xavierUniform } from "../../initializers/xavier";
import type { TorchGenerator } from "../../random/torch";

/** The numbers of rows and columns of a matrix or of a window. */
export type MatrixShape = [rows: number, columns: number];

/** The weights [outputs, inputs] of a network's two linear layers. */
export interface LinearWeights {
  fc1: tf.Tensor2D;
  fc2: tf.Tensor2D;
}

/** Inputs of a network's first linear layer in addition to an image's features, equal for all images. */
export interface Feedback {
  /** The number of additional inputs. */
  readonly size: number;
  /**
   * Prepares the feedback; called once, after the network has drawn its parameters.
   *
   * @param shapes The shapes of the weights.
   * @param generator The random generator.
   * @throws RangeError for unsuitable shapes.
   */
  prepare(shapes: { fc1: MatrixShape; fc2: MatrixShape }, generator: TorchGenerator): void;
  /** Computes the additional inputs [1, size] from the weights. */
  features(weights: LinearWeights): tf.Tensor2D;
  /** Frees the feedback's tensors. */
  dispose(): void;
}

/** Options of `PooledFeedback`. */
export interface PooledFeedbackOptions {
  /** The pooling window of fc1's weights; that of fc2's weights is 2 rows by as many columns as `window` has rows. */
  window: MatrixShape;
  /** The number of pooled values, the original's dw. */
  pooled: number;
  /** The number of additional inputs, the original's dx: the pooled values, padded with ones. */
  size: number;
}

/**
 * The max-pooled weights: those of fc1, pooled by the window, and those of fc2, transposed and pooled by 2 × the
 * window's rows, concatenated side by side, flattened in row-major order and padded with ones to the size. As in
 * PyTorch, incomplete windows are dropped: 60 × 186 pools by 25 × 31 to 2 × 6.
 */
export class PooledFeedback implements Feedback {
  readonly size: number;
  private readonly ones: tf.Tensor2D;

  /** @throws RangeError unless `pooled` is an integer in [1, size]. */
  constructor(private readonly options: PooledFeedbackOptions) {
    const { pooled, size } = options;
    requireInteger("PooledFeedback: pooled", pooled, 1, size);
    this.size = size;
    this.ones = tf.keep(tf.ones([1, size - pooled]));
  }

  prepare({ fc1, fc2 }: { fc1: MatrixShape; fc2: MatrixShape }): void {
    const { window, pooled } = this.options;
    const [rows, columns] = pooledShape("fc1.weight", fc1, window);
    const [classes, units] = pooledShape("fc2.weight", fc2, [2, window[0]]);
    const size = rows * columns + classes * units;
    if (rows !== units || size !== pooled) {
      throw new RangeError(
        `fc1.weight [${fc1}] pools to [${rows}, ${columns}] and fc2.weight [${fc2}] to [${classes}, ${units}]: ` +
          `${size} values, expected ${pooled}, with as many rows of the first as columns of the second`,
      );
    }
  }

  features({ fc1, fc2 }: LinearWeights): tf.Tensor2D {
    const { window, pooled } = this.options;
    return tf.tidy(() => {
      const first = maxPool(fc1, window);
      const second = maxPool(fc2, [2, window[0]]);
      const both = tf.concat2d([first, second.transpose<tf.Tensor2D>()], 1).reshape<tf.Tensor2D>([1, pooled]);
      return tf.concat2d([both, this.ones], 1);
    });
  }

  dispose(): void {
    this.ones.dispose();
  }
}

/** Concatenates the incoming and outgoing weights of each hidden unit, [hidden, features + classes]. */
export function allWeights({ fc1, fc2 }: LinearWeights): tf.Tensor2D {
  return tf.concat2d([fc1, fc2.transpose<tf.Tensor2D>()], 1);
}

/** The product of all weights with a fixed random matrix P [weights, size], drawn by `xavierUniform`. */
export class ProjectedFeedback implements Feedback {
  private P: tf.Tensor2D | undefined;

  /** @param size The number of additional inputs, ≥ 1. */
  constructor(readonly size: number) {}

  /** Draws P from the generator. */
  prepare({ fc1, fc2 }: { fc1: MatrixShape; fc2: MatrixShape }, generator: TorchGenerator): void {
    const weights = fc1[0] * (fc1[1] + fc2[0]);
    this.P = tf.keep(xavierUniform([weights, this.size], generator) as tf.Tensor2D);
  }

  features(weights: LinearWeights): tf.Tensor2D {
    return tf.tidy(() => {
      const all = allWeights(weights);
      return tf.matMul(all.reshape<tf.Tensor2D>([1, all.size]), this.P!);
    });
  }

  dispose(): void {
    this.P?.dispose();
  }
}

/** Fixed values independent of the weights, such as constants or noise, as a control. */
export class FixedFeedback implements Feedback {
  readonly size: number;
  private readonly values: tf.Tensor2D;

  constructor(values: ArrayLike<number>) {
    this.size = values.length;
    this.values = tf.keep(tf.tensor2d(Float32Array.from(values), [1, this.size]));
  }

  prepare(): void {}

  features(): tf.Tensor2D {
    return this.values.clone();
  }

  dispose(): void {
    this.values.dispose();
  }
}

/** Feedback computed from another network's weights, as a control. */
export class ForeignFeedback implements Feedback {
  readonly size: number;

  /**
   * @param feedback The feedback to compute; `dispose` also disposes of it.
   * @param weights The other network's weights, which their owner disposes of.
   */
  constructor(
    private readonly feedback: Feedback,
    private readonly weights: LinearWeights,
  ) {
    this.size = feedback.size;
  }

  prepare(_shapes: unknown, generator: TorchGenerator): void {
    const { fc1, fc2 } = this.weights;
    this.feedback.prepare({ fc1: fc1.shape, fc2: fc2.shape }, generator);
  }

  features(): tf.Tensor2D {
    const { fc1, fc2 } = this.weights;
    return tf.tidy(() => this.feedback.features({ fc1: stopGradient(fc1), fc2: stopGradient(fc2) }));
  }

  dispose(): void {
    this.feedback.dispose();
  }
}

function pooledShape(name: string, [rows, columns]: MatrixShape, [height, width]: MatrixShape): MatrixShape {
  const fits = (side: number, whole: number) => Number.isInteger(side) && side > 0 && side <= whole;
  if (!fits(height, rows) || !fits(width, columns)) {
    throw new RangeError(`${name} [${rows}, ${columns}] cannot be pooled by a window [${height}, ${width}]`);
  }
  return [Math.floor(rows / height), Math.floor(columns / width)];
}

function maxPool(matrix: tf.Tensor2D, window: MatrixShape): tf.Tensor2D {
  const [rows, columns] = matrix.shape;
  const pooled = tf.maxPool(matrix.reshape<tf.Tensor4D>([1, rows, columns, 1]), window, window, "valid");
  return pooled.reshape([pooled.shape[1], pooled.shape[2]]);
}
