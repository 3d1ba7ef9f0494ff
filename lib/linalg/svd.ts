import { svdInJavaScript } from "./javascript-svd";
import { nativeOp } from "./native-op";
import { matrixLike, type Operand, scaledOf } from "./operand";
import { allTimesPowerOfTwo } from "./scale";

/** The factors of a thin singular value decomposition, a = u · diag(s) · vᵀ. */
export interface Svd<M extends Operand> {
  /** [m, k] with orthonormal columns, k = min(m, n). */
  u: M;
  /** The k singular values, largest first. */
  s: Float32Array | Float64Array;
  /** [n, k] with orthonormal columns. */
  v: M;
}

/**
 * Computes the thin singular value decomposition a = u · diag(s) · vᵀ: `numpy.linalg.svd(a, full_matrices=False)`. It
 * is computed by TensorFlow in the type of `a`, or else in JavaScript in float64.
 *
 * Departures from NumPy: v is not transposed, and singular values below about eps · s[0] may be returned as 0. For
 * clustered singular values TensorFlow's float64 factors reproduce `a` only to 1e-9 instead of 1e-14 of its norm,
 * although the values are accurate and the vectors orthonormal to 1e-14.
 *
 * @param a The matrix [m, n].
 * @returns The factors, u and v of the kind of `a`.
 * @throws TypeError or RangeError for anything but a matrix of finite numbers.
 */
export function svd<M extends Operand>(a: M): Svd<M> {
  const scaled = scaledOf(a, "svd");
  const [s, u, v] =
    nativeOp("Svd", [scaled], 3, { compute_uv: true, full_matrices: false }) ?? svdInJavaScript(scaled, true);
  const values = scaled.values instanceof Float32Array ? new Float32Array(s!.values) : s!.values;
  return {
    u: matrixLike(a, u!),
    s: allTimesPowerOfTwo(values, scaled.exponent),
    v: matrixLike(a, v!),
  };
}
