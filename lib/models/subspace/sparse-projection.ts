import { tf } from "../../backend/tf";
import type { RandomState } from "../../random/numpy";
import { checkDimension, type Projection, projected } from "./projection";

/**
 * A projection θ = P·ω with a very sparse random P (Li et al. 2018, after Li, Hastie & Church 2006): an entry is
 * nonzero with probability 1/√D, with either sign. The nonzero entries of a column have one magnitude, which gives it
 * length 1 exactly; the product of two columns has mean 0 and a standard deviation of about 1/√D.
 *
 * P has about d·√D nonzero entries and takes about 13 bytes for each; the time of a product with P or its transpose is
 * proportional to their number.
 *
 * Departure from Li et al.'s code: D is the size of the whole θ, not of each weight separately.
 *
 * @example
 * const random = new RandomState(123);
 * const theta = initialTheta(random);
 * const projection = new SparseProjection(theta.length, 1000, random);
 * const net = new SubspaceNet(theta, { projection, affine: true });
 */
export class SparseProjection implements Projection {
  private readonly entries: Entries;

  /**
   * Draws two numbers of `rand` for each nonzero entry, row by row: the number of zeros before it and its sign,
   * negative below ½; one more number, of zeros beyond the end of P, ends the sequence. Each empty column, which occurs
   * with probability e^−√D, then gets one entry from two more numbers, its row and its sign.
   *
   * @param size The number of parameters D.
   * @param dimension The dimension d of ω, in [1, D].
   * @param random The random generator.
   * @throws RangeError for another dimension.
   */
  constructor(
    readonly size: number,
    readonly dimension: number,
    random: RandomState,
  ) {
    checkDimension(dimension, size);
    this.entries = entriesOf(drawnPositions(size, dimension, random), size, dimension);
  }

  project(omega: tf.Tensor): tf.Tensor1D {
    return projected(this, omega);
  }

  dispose(): void {
    tf.dispose(Object.values(this.entries));
  }

  /** Computes P·ω. */
  multiply(omega: tf.Tensor1D): tf.Tensor1D {
    const { rows, signedColumns, sizes } = this.entries;
    return tf.tidy(() => {
      const products = withNegatives(omega.mul(sizes)).gather(signedColumns);
      return sumsByRow(products, rows, this.size);
    });
  }

  /** Computes Pᵀ·g by sums over the rows of a table, since TensorFlow is slow at sums into few segments. */
  multiplyTransposed(gradient: tf.Tensor1D): tf.Tensor1D {
    const { signedRows, sizes } = this.entries;
    return tf.tidy(() => withNegatives(gradient).gather(signedRows).sum<tf.Tensor1D>(1).mul(sizes));
  }
}

/** The positions and signs of the nonzero entries of P. */
interface Positions {
  rows: number[];
  columns: number[];
  negative: boolean[];
}

/** P by signed indices into a vector of `size` entries: i is entry i, size + i is its negative, and 2 · size is 0. */
interface Entries {
  /** The row of each nonzero entry. */
  rows: tf.Tensor1D;
  /** The signed index of each nonzero entry's column. */
  signedColumns: tf.Tensor1D;
  /** The signed indices of each column's rows, padded with that of 0: [dimension, the most entries of a column]. */
  signedRows: tf.Tensor2D;
  /** The magnitude of each column's entries [dimension]. */
  sizes: tf.Tensor1D;
}

function drawnPositions(size: number, dimension: number, random: RandomState): Positions {
  const positions: Positions = { rows: [], columns: [], negative: [] };
  const filled = new Uint8Array(dimension);
  const add = (row: number, column: number) => {
    positions.rows.push(row);
    positions.columns.push(column);
    positions.negative.push(random.rand()[0]! < 0.5);
    filled[column] = 1;
  };
  const logOfZero = Math.log1p(-1 / Math.sqrt(size));
  const zeros = () => Math.floor(Math.log1p(-random.rand()[0]!) / logOfZero);
  for (let at = zeros(); at < size * dimension; at += 1 + zeros()) {
    add(Math.floor(at / dimension), at % dimension);
  }
  for (const [column, isFilled] of filled.entries()) {
    if (!isFilled) add(Math.floor(size * random.rand()[0]!), column);
  }
  return positions;
}

function entriesOf({ rows, columns, negative }: Positions, size: number, dimension: number): Entries {
  const counts = new Int32Array(dimension);
  for (const column of columns) counts[column]!++;
  const most = counts.reduce((a, b) => Math.max(a, b));
  const signedRows = new Int32Array(dimension * most).fill(2 * size);
  const left = Int32Array.from(counts);
  for (const [i, column] of columns.entries()) {
    signedRows[column * most + --left[column]!] = rows[i]! + (negative[i] ? size : 0);
  }
  const signedColumns = Int32Array.from(columns, (column, i) => column + (negative[i] ? dimension : 0));
  return {
    rows: tf.keep(tf.tensor1d(Int32Array.from(rows), "int32")),
    signedColumns: tf.keep(tf.tensor1d(signedColumns, "int32")),
    signedRows: tf.keep(tf.tensor2d(signedRows, [dimension, most], "int32")),
    sizes: tf.keep(tf.tensor1d(Float32Array.from(counts, (count) => 1 / Math.sqrt(count)))),
  };
}

/** Sums the products of each row. The cpu backend's segment sum would pass over all products for every row. */
function sumsByRow(products: tf.Tensor1D, rows: tf.Tensor1D, size: number): tf.Tensor1D {
  return tf.getBackend() === "cpu"
    ? tf.scatterND(rows.reshape([-1, 1]), products, [size])
    : tf.unsortedSegmentSum(products, rows, size);
}

/** The vector into which signed indices point: the entries, their negatives, and 0. */
function withNegatives(x: tf.Tensor1D): tf.Tensor1D {
  return tf.concat1d([x, x.neg(), tf.zeros([1])]);
}
