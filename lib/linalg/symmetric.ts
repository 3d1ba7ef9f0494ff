import { denseOf, type Operand, type Scaled, scaled } from "./operand";

/**
 * Reads and scales a symmetric matrix, whose upper triangle is replaced by the mirrored lower one, as in NumPy.
 *
 * @param caller The name of the function with which errors begin.
 * @throws RangeError for a matrix that is not square; TypeError or RangeError for anything but a matrix of finite
 *   numbers.
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
