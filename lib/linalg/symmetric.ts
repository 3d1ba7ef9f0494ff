import type { Matrix } from "ml-matrix";
import { type Dense, denseOf, type Operand, toMatrix } from "./operand";

/**
 * The numbers of a symmetric matrix, of which only the lower triangle counts, as in NumPy.
 *
 * @throws RangeError for one that is not square.
 */
export function symmetricOf(matrix: Operand, caller: string): Dense {
  const dense = denseOf(matrix, caller);
  const { rows, columns } = dense;
  if (rows !== columns)
    throw new RangeError(`${caller}: expected a square matrix, got [${rows}, ${columns}]`);
  return dense;
}

/** A float64 copy whose upper triangle mirrors the lower one. */
export function mirrored(dense: Dense): Matrix {
  const matrix = toMatrix(dense);
  for (let i = 0; i < matrix.rows; i++) {
    for (let j = 0; j < i; j++) matrix.set(j, i, matrix.get(i, j));
  }
  return matrix;
}
