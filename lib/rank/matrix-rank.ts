import { tf } from "../backend/tf";
import { requireNumber } from "../checks/check-range";
import { type Operand, scaledOf } from "../linalg/operand";
import { timesPowerOfTwo } from "../linalg/scale";
import { certifiedRank } from "./certified-rank";
import { float64SingularValues } from "./singular-values";
import { countAbove, Spectrum, type Tolerances } from "./spectrum";

/** The tolerance of `matrixRank`: absolute or relative to the largest singular value. */
export interface MatrixRankOptions {
  /** Singular values up to this count as zero; NumPy's `tol`. */
  atol?: number;
  /** Singular values up to this fraction of the largest do. Default: max(m, n) · eps of a's type. */
  rtol?: number;
}

const EPSILON = { float32: 2 ** -23, float64: 2 ** -52 };

/**
 * How many singular values of a matrix are above a tolerance: `numpy.linalg.matrix_rank(a, tol=atol, rtol=rtol)`.
 *
 * With TensorFlow the count comes from the inertia of the float64 Gram matrix, wherever bounds of all rounding make it
 * certain that no singular value lies between the tolerance and where rounding may have put it. These bounds, and the
 * one of the largest singular value that a relative tolerance takes, are probabilistic, with chances of about 1e-13 an
 * entry and of 1e-9 a matrix. Elsewhere (without TensorFlow, below 64 rows or columns, where a singular value
 * is within rounding of the tolerance, and where the tolerance is below some 1e-7 of the largest) the singular values
 * are computed in float64, for a float32 tensor too, and counted: each is some 1e-15 · the largest off, and a count is
 * right where none is so near the tolerance.
 *
 * NumPy's own singular values of a float32 matrix are some 1e-7 · the largest off, so that its rank may differ where
 * one lies so near the tolerance. Of a `Spectrum` its values are counted as they are.
 *
 * `torch.linalg.matrix_rank` takes both tolerances at once, and the larger of the two.
 *
 * @param a [m, n], a float32 tensor or a float64 `Matrix`, or its spectrum: the default follows the type, for in
 *   float64 the rounding of float32 weights looks like full rank.
 * @returns From 0 to min(m, n).
 * @throws RangeError for a tolerance that is negative or NaN, and for two; TypeError or RangeError for anything but a
 *   matrix of finite numbers.
 */
export function matrixRank(a: Operand | Spectrum, { atol, rtol }: MatrixRankOptions = {}): number {
  for (const [name, value] of Object.entries({ atol, rtol })) {
    if (value !== undefined) requireNumber(`matrixRank: ${name}`, value, "[0, ∞]");
  }
  if (atol !== undefined && rtol !== undefined) {
    throw new RangeError(`matrixRank: expected one tolerance, got two, atol ${atol} and rtol ${rtol}`);
  }
  const tolerances = (dtype: "float32" | "float64", shape: readonly [number, number]) => ({
    atol: atol ?? 0,
    rtol: rtol ?? (atol === undefined ? Math.max(...shape) * EPSILON[dtype] : 0),
  });
  if (a instanceof Spectrum) return a.countAbove(tolerances(a.dtype, a.shape));
  const scaled = scaledOf(a, "matrixRank");
  const { rows, columns, exponent } = scaled;
  const given = tolerances(a instanceof tf.Tensor ? "float32" : "float64", [rows, columns]);
  const inScale: Tolerances = { atol: timesPowerOfTwo(given.atol, -exponent), rtol: given.rtol };
  return certifiedRank(scaled, inScale) ?? countAbove(float64SingularValues(scaled), inScale);
}
