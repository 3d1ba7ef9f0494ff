import { Matrix } from "ml-matrix";
import { binaryScale, finiteSample, mean } from "./sample";

/** Values of a feature that differ by less than this share of the largest differ by rounding only. */
const ROUNDING = 4 * Number.EPSILON;

/**
 * How alike two representations of the same examples are, from 0 to 1: linear centred kernel alignment,
 * ‖YᵀX‖²_F / (‖XᵀX‖_F ‖YᵀY‖_F) with centred columns (Kornblith et al. 2019, equation 5). Rotating, shifting or
 * scaling a representation does not change it.
 *
 * @param x [examples, features], as is `y`, of other features.
 * @throws RangeError for other numbers of examples, a number that is not finite, and a representation that is the same
 * for all of them but for the rounding of its numbers.
 */
export function linearCka(x: Matrix, y: Matrix): number {
  if (x.rows !== y.rows || x.rows < 2) {
    throw new RangeError(
      `linearCka: expected as many examples in both, at least 2, got ${x.rows} and ${y.rows}`,
    );
  }
  const [a, b] = [centered("x", x), centered("y", y)];
  const likeness =
    b.transpose().mmul(a).norm() ** 2 / (a.transpose().mmul(a).norm() * b.transpose().mmul(b).norm());
  return Math.min(likeness, 1);
}

/** The matrix with columns of mean 0, scaled so that products of its numbers neither overflow nor vanish. */
function centered(name: string, matrix: Matrix): Matrix {
  const values = finiteSample("linearCka", name, matrix.to1DArray(), 1);
  const scaled = scaledToOne(Matrix.from1DArray(matrix.rows, matrix.columns, values));
  const columns = Array.from({ length: matrix.columns }, (_, j) => centeredColumn(scaled.getColumn(j)));
  if (columns.every((column) => column.every((value) => value === 0))) {
    throw new RangeError(`linearCka: expected examples that differ, got equal rows in ${name}`);
  }
  return scaledToOne(new Matrix(columns).transpose());
}

/** The values less their mean: zeros where they differ by rounding only. */
function centeredColumn(values: number[]): Float64Array {
  const column = Float64Array.from(values);
  const center = mean(column);
  const largest = column.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const deviations = column.map((value) => value - center);
  const isConstant = deviations.every((deviation) => Math.abs(deviation) <= ROUNDING * largest);
  return isConstant ? deviations.fill(0) : deviations;
}

/** The matrix over a power of two near its largest magnitude. */
function scaledToOne(matrix: Matrix): Matrix {
  return Matrix.div(matrix, binaryScale(matrix.to1DArray()));
}
