import { stopGradient } from "../../backend/stop-gradient";
import { tf } from "../../backend/tf";
import { requireInteger } from "../../checks/check-range";
import { xavierUniform } from "../../initializers/xavier";
import type { TorchGenerator } from "../../random/torch";

/** The numbers of rows and of columns of a matrix, or of a window over one. */
export type MatrixShape = [rows: number, columns: number];

/** The weights of a net's two linear layers, [outputs, inputs]. */
export interface LinearWeights {
  fc1: tf.Tensor2D;
  fc2: tf.Tensor2D;
}

/** Further inputs of a net's first linear layer, beside the features of an image and the same for all images. */
export interface Feedback {
  /** How many numbers it is. */
  readonly size: number;
  /**
   * Called once, after the net has drawn its parameters.
   *
   * @param shapes Of the weights.
   * @throws RangeError if the weights do not fit.
   */
  prepare(shapes: { fc1: MatrixShape; fc2: MatrixShape }, generator: TorchGenerator): void;
  /** The numbers, [1, size]. */
  features(weights: LinearWeights): tf.Tensor2D;
  dispose(): void;
}

/** Options of `PooledFeedback`. */
export interface PooledFeedbackOptions {
  /** How many rows and columns of fc1's weights go into one number; of fc2's, 2 rows and as many columns as here rows. */
  window: MatrixShape;
  /** How many numbers the pools leave: dw. */
  pooled: number;
  /** How many numbers the layer takes, dx: the pooled ones, then ones. */
  size: number;
}

/**
 * The weights themselves, max-pooled: fc1's by the window, fc2's by 2 × the window's rows, side by side, row by row,
 * then ones up to the size. As in PyTorch, what a window does not fill is left out: 60 × 186 by 25 × 31 leaves 2 × 6.
 */
export class PooledFeedback implements Feedback {
  readonly size: number;
  private readonly ones: tf.Tensor2D;

  /** @throws RangeError unless there is room for the pooled numbers. */
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
          `${size} numbers, expected ${pooled} and as many rows as units`,
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

/** The weights of both layers, hidden unit by hidden unit, [hidden, features + classes]. */
export function allWeights({ fc1, fc2 }: LinearWeights): tf.Tensor2D {
  return tf.concat2d([fc1, fc2.transpose<tf.Tensor2D>()], 1);
}

/** All weights times a fixed random matrix P [weights, size], Xavier-uniform. */
export class ProjectedFeedback implements Feedback {
  private P: tf.Tensor2D | undefined;

  constructor(readonly size: number) {}

  /** Draws P. */
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

/** Numbers that have nothing to do with the weights: constants, or noise that stays. */
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

/** A feedback computed from another net's weights. */
export class ForeignFeedback implements Feedback {
  readonly size: number;

  /** It takes the feedback over, and leaves the weights to their owner. */
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

function pooledShape(what: string, [rows, columns]: MatrixShape, [height, width]: MatrixShape): MatrixShape {
  const fits = (side: number, whole: number) => Number.isInteger(side) && side > 0 && side <= whole;
  if (!fits(height, rows) || !fits(width, columns)) {
    throw new RangeError(`${what} [${rows}, ${columns}] has no window of [${height}, ${width}]`);
  }
  return [Math.floor(rows / height), Math.floor(columns / width)];
}

function maxPool(matrix: tf.Tensor2D, window: MatrixShape): tf.Tensor2D {
  const [rows, columns] = matrix.shape;
  const pooled = tf.maxPool(matrix.reshape<tf.Tensor4D>([1, rows, columns, 1]), window, window, "valid");
  return pooled.reshape([pooled.shape[1], pooled.shape[2]]);
}
