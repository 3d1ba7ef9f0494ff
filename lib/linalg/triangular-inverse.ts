import type { Matrix } from "ml-matrix";
import { fromMatrix, toMatrix } from "./operand";

/**
 * Inverts a lower triangular matrix by forward substitution in float64:
 * `scipy.linalg.solve_triangular(l, numpy.eye(n), lower=True)`.
 *
 * @param l A matrix [n, n] without zeros on its diagonal; entries above the diagonal are not read.
 * @returns The lower triangular inverse [n, n].
 */
export function lowerTriangularInverse(l: Matrix): Matrix {
  const { rows: n, values } = fromMatrix(l);
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const row = inverse.subarray(i * n, i * n + i + 1);
    for (let k = 0; k < i; k++) {
      const factor = values[i * n + k]!;
      for (let j = 0; j <= k; j++) row[j]! -= factor * inverse[k * n + j]!;
    }
    row[i] = 1;
    const pivot = values[i * n + i]!;
    for (let j = 0; j <= i; j++) row[j]! /= pivot;
  }
  return toMatrix({ rows: n, columns: n, values: inverse });
}
