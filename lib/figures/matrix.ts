import { extent } from "./json";

/** A matrix as an array of rows, or an object with `to2DArray`, such as a `Matrix` of ml-matrix. */
export type MatrixLike = ArrayLike<ArrayLike<number>> | { to2DArray(): number[][] };

/**
 * Copies a matrix to an array of rows.
 *
 * @param name The matrix's name in errors.
 * @throws Error if the matrix is empty or its rows differ in length.
 */
export function rowsOf(matrix: MatrixLike, name: string): number[][] {
  const rows = "to2DArray" in matrix ? matrix.to2DArray() : Array.from(matrix, (row) => Array.from(row));
  const columns = rows[0]?.length ?? 0;
  if (columns === 0)
    throw new Error(`${name}: expected a matrix with values, got ${rows.length} × ${columns}`);
  const odd = rows.find((row) => row.length !== columns);
  if (odd) throw new Error(`${name}: expected rows of one length, got ${columns} and ${odd.length} values`);
  return rows;
}

/**
 * The values of the first and the last colour of a scale: those given, or the extremes of the matrices, ± the largest
 * magnitude for symmetric colours.
 *
 * @throws Error if the range is not finite, increasing and, for symmetric colours, of the form [−a, a].
 */
export function colorRange(
  matrices: number[][][],
  symmetric: boolean,
  range: [number, number] | undefined,
): [number, number] {
  if (range && !(range[0] < range[1] && range.every(Number.isFinite))) {
    throw new Error(`the range must be two increasing numbers, both finite, got [${range}]`);
  }
  if (range && symmetric && range[0] !== -range[1]) {
    throw new Error(`symmetric colours expect a range [−a, a], got [${range}]`);
  }
  if (range) return range;
  const [least, greatest] = extent(matrices.flat(2)) ?? [0, 1];
  if (!symmetric) return least < greatest ? [least, greatest] : [least - 0.5, least + 0.5];
  const largest = Math.max(Math.abs(least), Math.abs(greatest)) || 1;
  return [-largest, largest];
}
