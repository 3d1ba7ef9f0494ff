import { tf } from "../backend/tf";
import { type Operand, shapeOf } from "../linalg/operand";
import { certifiedRank } from "./certified-rank";
import { Spectrum, spectrumOf } from "./spectrum";

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
 * The count is exact. With TensorFlow it comes from the inertia of the float64 Gram matrix, a third of the time that
 * NumPy takes or less, wherever that is certain; else from the spectrum. NumPy's own singular values of a float32
 * matrix are some eps · the largest off, so that the two may differ where one lies so near the tolerance.
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
    if (value !== undefined && !(value >= 0)) {
      throw new RangeError(`matrixRank: expected ${name} ≥ 0, got ${value}`);
    }
  }
  if (atol !== undefined && rtol !== undefined) {
    throw new RangeError(`matrixRank: expected one tolerance, got two, atol ${atol} and rtol ${rtol}`);
  }
  const shape = a instanceof Spectrum ? a.shape : shapeOf(a, "matrixRank");
  const dtype = a instanceof Spectrum ? a.dtype : a instanceof tf.Tensor ? "float32" : "float64";
  const tolerances = {
    atol: atol ?? 0,
    rtol: rtol ?? (atol === undefined ? Math.max(...shape) * EPSILON[dtype] : 0),
  };
  const certified = a instanceof Spectrum ? undefined : certifiedRank(a, shape, tolerances);
  return certified ?? countOf(spectrumOf(a, "matrixRank"), tolerances);
}

function countOf({ values }: Spectrum, { atol, rtol }: { atol: number; rtol: number }): number {
  const threshold = Math.max(atol, rtol * values[0]!);
  return values.filter((value) => value > threshold).length;
}
