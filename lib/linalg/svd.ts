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
 * The thin singular value decomposition a = u · diag(s) · vᵀ: `numpy.linalg.svd(a, full_matrices=False)`, computed by
 * TensorFlow in the type of `a`, or in float64 where TensorFlow does not run.
 *
 * Departures from NumPy: v is not transposed. Singular values below about eps · s[0] may come back as 0. Where singular
 * values lie in clusters, TensorFlow's factors in float64 give `a` back to 1e-9 of its size rather than to 1e-14, though
 * the values are right and the vectors orthonormal to that.
 *
 * @param a [m, n]
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
