import type { Matrix } from "ml-matrix";

/**
 * How alike two representations of the same examples are, from 0 to 1: linear centred kernel alignment,
 * ‖YᵀX‖²_F / (‖XᵀX‖_F ‖YᵀY‖_F) with centred columns (Kornblith et al. 2019, equation 5). Rotating, shifting or
 * scaling a representation does not change it.
 *
 * @param x [examples, features], as is `y`, of other features.
 * @throws RangeError for other numbers of examples, and for a representation that is the same for all of them.
 */
export function linearCka(x: Matrix, y: Matrix): number {
  if (x.rows !== y.rows || x.rows < 2) {
    throw new RangeError(
      `linearCka: expected as many examples in both, at least 2, got ${x.rows} and ${y.rows}`,
    );
  }
  const [a, b] = [x.clone().center("column"), y.clone().center("column")];
  const own = (matrix: Matrix) => matrix.transpose().mmul(matrix).norm();
  const scale = own(a) * own(b);
  if (!(scale > 0)) throw new RangeError("linearCka: expected examples that differ, got equal rows");
  return b.transpose().mmul(a).norm() ** 2 / scale;
}
