import { totalmem } from "node:os";
import { tf } from "../backend/tf";
import { orthonormalize } from "../linalg/orthonormalize";
import { freeMemory } from "../numerics/free-memory";
import type { RandomState } from "../random/numpy";
import { checkDimension, type Projection } from "./projection";

const BYTES_A_NUMBER = 4;

/**
 * θ = P·ω with a dense P of orthonormal columns, held in float32: 4·D·d bytes, twice that while it is made.
 *
 * The columns are those of `numpy.linalg.qr`, but for their signs: each is turned the way of the column that it is made
 * of. Training does not see that, since Adam and SGD take θ through the same points for either sign.
 *
 * @example
 * const random = new RandomState(123);
 * const theta = initialTheta(random);
 * const net = new SubspaceNet(theta, { projection: DenseProjection.along(theta, 100, random) });
 */
export class DenseProjection implements Projection {
  readonly size: number;
  readonly dimension: number;

  private constructor(
    /** [size, dimension] */
    readonly P: tf.Tensor2D,
  ) {
    [this.size, this.dimension] = tf.keep(P).shape;
  }

  /**
   * A subspace through the origin and a point θ, the document's: the first column is θ over its length; the others are
   * what of standard normal columns, drawn as `randn(D, dimension - 1)`, is orthogonal to those before.
   *
   * @param dimension From 1 to the number of parameters D.
   * @throws RangeError for another dimension, a P that the memory does not hold, or a θ of zeros.
   */
  static along(theta: ArrayLike<number>, dimension: number, random: RandomState): DenseProjection {
    checkDimension(dimension, theta.length);
    checkMemory(theta.length, dimension);
    if (Array.prototype.every.call(theta, (value) => value === 0)) {
      throw new RangeError("expected a θ for the first column to run along, got only zeros");
    }
    return new DenseProjection(basisOf(drawnColumns(random, theta.length, dimension, theta)));
  }

  /**
   * A random subspace, for θ = θ₀ + P·ω: the columns are those of `randn(size, dimension)`, made orthonormal.
   *
   * @param size The number of parameters.
   * @param dimension From 1 to `size`.
   * @throws RangeError for another dimension, or a P that the memory does not hold.
   */
  static random(size: number, dimension: number, random: RandomState): DenseProjection {
    checkDimension(dimension, size);
    checkMemory(size, dimension);
    return new DenseProjection(basisOf(drawnColumns(random, size, dimension)));
  }

  project(omega: tf.Tensor): tf.Tensor1D {
    return tf.tidy(() => tf.matMul(this.P, omega.reshape([this.dimension, 1])).reshape([this.size]));
  }

  dispose(): void {
    this.P.dispose();
  }
}

/**
 * The columns [size, dimension] to make orthonormal: normal ones, the first of them θ where it is given. They are
 * drawn row by row: all at once in float64, they would take twice the memory.
 */
function drawnColumns(
  random: RandomState,
  size: number,
  dimension: number,
  theta?: ArrayLike<number>,
): tf.Tensor2D {
  const values = new Float32Array(size * dimension);
  const given = theta ? 1 : 0;
  for (let row = 0; row < size; row++) {
    const start = row * dimension;
    if (theta) values[start] = theta[row]!;
    values.set(random.randn(dimension - given), start + given);
  }
  return tf.tensor2d(values, [size, dimension]);
}

/** An orthonormal basis of the columns, which are freed. */
function basisOf(columns: tf.Tensor2D): tf.Tensor2D {
  try {
    return orthonormalize(columns);
  } finally {
    columns.dispose();
  }
}

function checkMemory(size: number, dimension: number): void {
  const needed = BYTES_A_NUMBER * size * dimension;
  const free = freeMemory();
  if (2 * needed <= free) return;
  const [P, twice, left, all] = [needed, 2 * needed, free, totalmem()].map(gibibytes);
  throw new RangeError(
    `a dense P [${size}, ${dimension}] takes ${P}, and ${twice} while it is made; ${left} of ${all} is free: a Fastfood projection would fit`,
  );
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
