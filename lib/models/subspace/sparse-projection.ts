import { tf } from "../../backend/tf";
import type { RandomState } from "../../random/numpy";
import { checkDimension, type Projection, projected } from "./projection";

/**
 * θ = P·ω with a very sparse random P, as Li et al. (2018) take from Li, Hastie & Church (2006): an entry is other than 0
 * with probability 1/√D, and then of either sign. Those of a column have one size, which gives it length 1 exactly; any
 * two columns have a product of mean 0 and of the order of 1/√D.
 *
 * There are about d·√D such entries. P takes 13 bytes or so for each, and a product with P, or with its transpose, time
 * in proportion.
 *
 * Departure from Li et al.'s code: D is the size of all of θ, not of each weight on its own.
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
   * Draws two numbers of `rand` for each entry other than 0, row by row: how many entries of 0 come before it, and its
   * sign, negative below ½; after the last one, a number of entries that goes beyond P. A column that is still empty, of
   * which there is one in e^√D, then gets one entry, by two numbers more: its row and its sign.
   *
   * @param size The number of parameters D.
   * @param dimension From 1 to `size`.
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

  /** P·ω. */
  multiply(omega: tf.Tensor1D): tf.Tensor1D {
    const { rows, signedColumns, sizes } = this.entries;
    return tf.tidy(() => {
      const products = withNegatives(omega.mul(sizes)).gather(signedColumns);
      return sumsByRow(products, rows, this.size);
    });
  }

  /** Pᵀ·g. TensorFlow sums into few segments slowly, but a table's rows fast. */
  multiplyTransposed(gradient: tf.Tensor1D): tf.Tensor1D {
    const { signedRows, sizes } = this.entries;
    return tf.tidy(() => withNegatives(gradient).gather(signedRows).sum<tf.Tensor1D>(1).mul(sizes));
  }
}

/** Where P has entries other than 0, and which are negative. */
interface Positions {
  rows: number[];
  columns: number[];
  negative: boolean[];
}

/** A signed index i stands for entry i; size + i for that entry's negative, and 2 · size for 0. */
interface Entries {
  /** The row of each entry, and the signed index of its column. */
  rows: tf.Tensor1D;
  signedColumns: tf.Tensor1D;
  /** The signed indices of each column's rows, filled up with that of 0: [dimension, the most entries of a column]. */
  signedRows: tf.Tensor2D;
  /** The absolute value of each column's entries [dimension]. */
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

/** The sum of the products of each row. tfjs's segment sum in JavaScript goes through all of them once a row. */
function sumsByRow(products: tf.Tensor1D, rows: tf.Tensor1D, size: number): tf.Tensor1D {
  return tf.getBackend() === "cpu"
    ? tf.scatterND(rows.reshape([-1, 1]), products, [size])
    : tf.unsortedSegmentSum(products, rows, size);
}

/** What the signed indices stand for: the entries, their negatives, and 0. */
function withNegatives(x: tf.Tensor1D): tf.Tensor1D {
  return tf.concat1d([x, x.neg(), tf.zeros([1])]);
}
