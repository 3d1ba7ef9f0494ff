import { Matrix } from "ml-matrix";
import { binaryScale, finiteSample, mean } from "./sample";

/** The deviations from the mean, relative to the largest value, up to which a feature counts as constant. */
const ROUNDING = 4 * Number.EPSILON;

/**
 * The similarity of two representations of the same examples by linear centred kernel alignment, ‖YᵀX‖²_F / (‖XᵀX‖_F
 * ‖YᵀY‖_F) with centred columns (Kornblith et al. 2019, Similarity of neural network representations revisited,
 * equation 5). It is invariant under rotations, shifts and scaling of a representation.
 *
 * @param x The first representation [examples, features], with at least two examples and one feature.
 * @param y The second representation [examples, features]; its number of features may differ.
 * @returns A number in [0, 1], where 1 means equality up to these maps.
 * @throws RangeError for different numbers of examples or too few, no features, a number that is not finite, or a
 *   representation that is equal for all examples up to rounding.
 */
export function linearCka(x: Matrix, y: Matrix): number {
  if (x.rows !== y.rows || x.rows < 2) {
    throw new RangeError(
      `linearCka: expected equal numbers of examples, at least 2, got ${x.rows} and ${y.rows}`,
    );
  }
  const [a, b] = [centered("x", x), centered("y", y)];
  const similarity =
    b.transpose().mmul(a).norm() ** 2 / (a.transpose().mmul(a).norm() * b.transpose().mmul(b).norm());
  return Math.min(similarity, 1);
}

/** Centres the columns and scales the matrix so that products of its entries neither overflow nor underflow. */
function centered(name: string, matrix: Matrix): Matrix {
  const values = finiteSample("linearCka", name, matrix.to1DArray(), 1);
  const scaled = scaledToOne(Matrix.from1DArray(matrix.rows, matrix.columns, values));
  const columns = Array.from({ length: matrix.columns }, (_, j) => centeredColumn(scaled.getColumn(j)));
  if (columns.every((column) => column.every((value) => value === 0))) {
    throw new RangeError(`linearCka: expected examples that differ, got equal rows in ${name}`);
  }
  return scaledToOne(new Matrix(columns).transpose());
}

/** Subtracts the mean from values; returns zeros if they differ only by rounding. */
function centeredColumn(values: number[]): Float64Array {
  const column = Float64Array.from(values);
  const center = mean(column);
  const largest = column.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const deviations = column.map((value) => value - center);
  const isConstant = deviations.every((deviation) => Math.abs(deviation) <= ROUNDING * largest);
  return isConstant ? deviations.fill(0) : deviations;
}

/** Divides a matrix by a power of two near its largest magnitude. */
function scaledToOne(matrix: Matrix): Matrix {
  return Matrix.div(matrix, binaryScale(matrix.to1DArray()));
}
