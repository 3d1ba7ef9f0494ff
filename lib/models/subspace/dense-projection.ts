import { totalmem } from "node:os";
import { freeMemory } from "../../backend/free-memory";
import { tf } from "../../backend/tf";
import { orthonormalizeBlocks } from "../../linalg/orthonormalize";
import { allTimesPowerOfTwo, exponentOf, largestOf } from "../../linalg/scale";
import type { RandomState } from "../../random/numpy";
import { checkDimension, type Projection } from "./projection";

const BYTES_A_NUMBER = 4;
/** The largest size of a block of P: TensorFlow does not return freed memory, so one large P would cost it twice. */
const NUMBERS_A_BLOCK = 2 ** 24;

/**
 * A projection θ = P·ω with a dense float32 matrix P of orthonormal columns, which takes 4·D·d bytes in blocks of rows.
 *
 * The columns are those of `numpy.linalg.qr` up to sign: each has a positive product with the column that it was made
 * from. The signs do not affect training, since Adam and SGD move θ through the same points for either sign.
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
   * Makes the original's random subspace through the origin and a point θ: the first column is θ/‖θ‖, and the others
   * are standard normal columns, drawn as `randn(D, dimension - 1)`, orthonormalized against the columns before them.
   *
   * @param theta The point [D], not all zeros.
   * @param dimension The dimension of the subspace, in [1, D].
   * @param random The random generator.
   * @throws RangeError for another dimension, a P that does not fit into memory, or a point of zeros.
   */
  static along(theta: ArrayLike<number>, dimension: number, random: RandomState): DenseProjection {
    checkDimension(dimension, theta.length);
    DenseProjection.checkMemory(theta.length, dimension);
    if (Array.prototype.every.call(theta, (value) => value === 0)) {
      throw new RangeError("expected a θ as the first column's direction, got only zeros");
    }
    const given = Float64Array.from(theta);
    // Scaling keeps the direction of θ and the range of float32.
    const point = allTimesPowerOfTwo(given, -exponentOf(largestOf(given)));
    return new DenseProjection(orthonormalizeBlocks(drawnColumns(random, theta.length, dimension, point)));
  }

  /**
   * Makes a random subspace for θ = θ₀ + P·ω by orthonormalizing the columns of `randn(size, dimension)`.
   *
   * @param size The number of parameters D.
   * @param dimension The dimension of the subspace, in [1, D].
   * @param random The random generator.
   * @throws RangeError for another dimension, or a P that does not fit into memory.
   */
  static random(size: number, dimension: number, random: RandomState): DenseProjection {
    checkDimension(dimension, size);
    DenseProjection.checkMemory(size, dimension);
    return new DenseProjection(orthonormalizeBlocks(drawnColumns(random, size, dimension)));
  }

  /**
   * Checks that a dense P [size, dimension] fits into the free memory.
   *
   * @throws RangeError if it does not.
   */
  static checkMemory(size: number, dimension: number): void {
    const [needed, free] = [BYTES_A_NUMBER * size * dimension, freeMemory()];
    if (needed <= free) return;
    const [P, left, all] = [needed, free, totalmem()].map(gibibytes);
    throw new RangeError(
      `a dense P [${size}, ${dimension}] takes ${P}, but only ${left} of ${all} is free; a Fastfood projection would fit`,
    );
  }

  /** Returns P [size, dimension] as one new tensor, which the caller must dispose of. */
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
 * Draws the columns [size, dimension] to orthonormalize, in blocks of rows: standard normal ones, preceded by θ if it
 * is given. They are drawn row by row, since all of them in float64 would take twice the memory.
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
