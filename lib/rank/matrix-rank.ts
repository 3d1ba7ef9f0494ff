import { tf } from "../backend/tf";
import { requireNumber } from "../checks/check-range";
import { type Operand, scaledOf } from "../linalg/operand";
import { timesPowerOfTwo } from "../linalg/scale";
import { certifiedRank } from "./certified-rank";
import { float64SingularValues } from "./singular-values";
import { countAbove, Spectrum, type Tolerances } from "./spectrum";

/** The tolerance of `matrixRank`: absolute or relative to the largest singular value. */
export interface MatrixRankOptions {
  /** Singular values up to this number ≥ 0 count as zero: NumPy's `tol`. */
  atol?: number;
  /** Singular values up to this fraction ≥ 0 of the largest count as zero. Default: max(m, n) · eps of a's type. */
  rtol?: number;
}

const EPSILON = { float32: 2 ** -23, float64: 2 ** -52 };

/**
 * The number of singular values of a matrix above a tolerance: `numpy.linalg.matrix_rank(a, tol=atol, rtol=rtol)`.
 *
 * With TensorFlow the count comes from the inertia of the float64 Gram matrix wherever bounds on all rounding errors
 * certify it. These bounds, and that of the largest singular value for a relative tolerance, are probabilistic: they
 * fail with probability about 1e-13 per entry and 1e-9 per matrix. Otherwise (without TensorFlow, below 64 rows or
 * columns, for a tolerance below about 1e-7 · the largest singular value or within rounding of a singular value) the
 * singular values are computed in float64, even for a float32 tensor, and counted. Their error is about
 * 1e-15 · the largest, and the count is exact unless one of them is that close to the tolerance.
 *
 * NumPy's singular values of a float32 matrix have errors of about 1e-7 · the largest, so its rank may differ if one is
 * that close to the tolerance. The values of a `Spectrum` are counted as given.
 *
 * `torch.linalg.matrix_rank`, in contrast, accepts both tolerances and uses the larger.
 *
 * @param a The matrix [m, n], a float32 tensor or a float64 `Matrix`, or its spectrum. The default tolerance depends on
 *   the type, because with float64's the rounding of float32 weights would look like full rank.
 * @returns An integer in [0, min(m, n)].
 * @throws RangeError for a tolerance that is negative or NaN, or for both tolerances; TypeError or RangeError for
 *   anything but a matrix of finite numbers.
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
