import type { Operand } from "../linalg/operand";
import { singularValues } from "./singular-values";

export interface MatrixRankOptions {
  /** Singular values up to this count as zero. Default: 0. */
  atol?: number;
  /** So do those up to this fraction of the largest. Default: max(m, n) · eps of a's type, or 0 where atol > 0. */
  rtol?: number;
}

const EPSILON = { float32: 2 ** -23, float64: 2 ** -52 };

/**
 * How many singular values of a matrix are above max(atol, rtol · the largest): `torch.linalg.matrix_rank`, and by
 * default `numpy.linalg.matrix_rank`, whose `tol` is `atol`.
 *
 * @param a [m, n], a float32 tensor or a float64 `Matrix`: the default follows the type, for in float64 the rounding
 *   of float32 weights looks like full rank.
 * @throws RangeError for a tolerance that is negative or NaN; TypeError or RangeError for anything but a matrix of
 *   finite numbers.
 */
export function matrixRank(a: Operand, { atol = 0, rtol }: MatrixRankOptions = {}): number {
  for (const [name, value] of Object.entries({ atol, rtol: rtol ?? 0 })) {
    if (!(value >= 0)) throw new RangeError(`matrixRank: expected ${name} ≥ 0, got ${value}`);
  }
  const values = singularValues(a);
  const threshold = Math.max(atol, (rtol ?? defaultRtol(a, values, atol)) * values[0]!);
  return values.filter((value) => value > threshold).length;
}

function defaultRtol(a: Operand, values: Float32Array | Float64Array, atol: number): number {
  if (atol > 0) return 0;
  const sides = "shape" in a ? a.shape : [a.rows, a.columns];
  return Math.max(...sides) * (values instanceof Float32Array ? EPSILON.float32 : EPSILON.float64);
}
