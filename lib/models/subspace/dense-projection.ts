import { totalmem } from "node:os";
import { freeMemory } from "../../backend/free-memory";
import { tf } from "../../backend/tf";
import { orthonormalizeBlocks } from "../../linalg/orthonormalize";
import { allTimesPowerOfTwo, exponentOf, largestOf } from "../../linalg/scale";
import type { RandomState } from "../../random/numpy";
import { checkDimension, type Projection } from "./projection";

const BYTES_A_NUMBER = 4;
/** TensorFlow keeps what it has freed for itself: P in one piece would have it keep a second one. */
const NUMBERS_A_BLOCK = 2 ** 24;

/**
 * θ = P·ω with a dense P of orthonormal columns, held in float32, 4·D·d bytes, in blocks of rows.
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

  private constructor(private readonly blocks: tf.Tensor2D[]) {
    this.size = blocks.reduce((sum, { shape }) => sum + shape[0], 0);
    this.dimension = blocks[0]!.shape[1];
    for (const block of blocks) tf.keep(block);
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
    DenseProjection.checkMemory(theta.length, dimension);
    if (Array.prototype.every.call(theta, (value) => value === 0)) {
      throw new RangeError("expected a θ for the first column to run along, got only zeros");
    }
    const given = Float64Array.from(theta);
    // A multiple of θ has the same direction, and float32 holds it.
    const point = allTimesPowerOfTwo(given, -exponentOf(largestOf(given)));
    return new DenseProjection(orthonormalizeBlocks(drawnColumns(random, theta.length, dimension, point)));
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
    DenseProjection.checkMemory(size, dimension);
    return new DenseProjection(orthonormalizeBlocks(drawnColumns(random, size, dimension)));
  }

  /** @throws RangeError where the memory that is free does not hold a dense P [size, dimension]. */
  static checkMemory(size: number, dimension: number): void {
    const [needed, free] = [BYTES_A_NUMBER * size * dimension, freeMemory()];
    if (needed <= free) return;
    const [P, left, all] = [needed, free, totalmem()].map(gibibytes);
    throw new RangeError(
      `a dense P [${size}, ${dimension}] takes ${P}; ${left} of ${all} is free: a Fastfood projection would fit`,
    );
  }

  /** P [size, dimension], in one piece, for the caller to dispose of. */
  matrix(): tf.Tensor2D {
    return tf.concat2d(this.blocks, 0);
  }

  project(omega: tf.Tensor): tf.Tensor1D {
    return tf.tidy(() => {
      const column = omega.reshape<tf.Tensor2D>([this.dimension, 1]);
      const parts = this.blocks.map((block) => tf.matMul<tf.Tensor2D>(block, column));
      return tf.concat2d(parts, 0).reshape([this.size]);
    });
  }

  dispose(): void {
    tf.dispose(this.blocks);
  }
}

/**
 * The columns [size, dimension] to make orthonormal, in blocks of rows: normal ones, the first of them θ where it is
 * given. They are drawn row by row: all at once in float64, they would take twice the memory.
 */
function drawnColumns(
  random: RandomState,
  size: number,
  dimension: number,
  theta?: ArrayLike<number>,
): tf.Tensor2D[] {
  const rowsABlock = Math.ceil(NUMBERS_A_BLOCK / dimension);
  const blocks: tf.Tensor2D[] = [];
  for (let start = 0; start < size; start += rowsABlock) {
    const rows = Math.min(rowsABlock, size - start);
    const values = new Float32Array(rows * dimension);
    for (let row = 0; row < rows; row++) {
      const first = theta ? [theta[start + row]!] : [];
      values.set(first, row * dimension);
      values.set(random.randn(dimension - first.length), row * dimension + first.length);
    }
    blocks.push(tf.tensor2d(values, [rows, dimension]));
  }
  return blocks;
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
