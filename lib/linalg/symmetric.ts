import { denseOf, type Operand, type Scaled, scaled } from "./operand";

/**
 * The numbers of a symmetric matrix, scaled. Only its lower triangle counts, as in NumPy; the upper one mirrors it.
 *
 * @throws RangeError for one that is not square; TypeError or RangeError for anything but a matrix of finite numbers.
 */
export function symmetricOf(matrix: Operand, caller: string): Scaled {
  const { rows, columns, values } = denseOf(matrix, caller);
  if (rows !== columns)
    throw new RangeError(`${caller}: expected a square matrix, got [${rows}, ${columns}]`);
  const mirrored = values.slice();
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < i; j++) mirrored[j * rows + i] = mirrored[i * rows + j]!;
  }
  return scaled({ rows, columns, values: mirrored });
}
