import { Gram } from "../linalg/gram";
import { svdInJavaScript } from "../linalg/javascript-svd";
import { nativeOp, onNative } from "../linalg/native-op";
import { type Dense, type Operand, type Scaled, scaledOf } from "../linalg/operand";
import { allTimesPowerOfTwo } from "../linalg/scale";

/**
 * The singular values of a matrix, largest first, in the matrix's type: `numpy.linalg.svd(a, compute_uv=False)`.
 *
 * For a float32 tensor with TensorFlow they are the square roots of the eigenvalues of the float64 Gram matrix, with an
 * error of at most 1e-7 · the largest, like NumPy's but faster; those below the error may be 0. For a `Matrix`
 * TensorFlow's SVD computes them. Without TensorFlow they are computed in float64 in JavaScript.
 *
 * @param a The matrix [m, n], a float32 tensor or a float64 `Matrix`.
 * @returns min(m, n) numbers ≥ 0.
 * @throws TypeError or RangeError for anything but a matrix of finite numbers.
 */
export function singularValues(a: Operand): Float32Array | Float64Array {
  const scaled = scaledOf(a, "singularValues");
  return allTimesPowerOfTwo(scaledSingularValues(scaled), scaled.exponent);
}

/** The singular values of a scaled matrix, in the matrix's type. */
export function scaledSingularValues(a: Scaled): Float32Array | Float64Array {
  if (a.values instanceof Float64Array) return float64SingularValues(a);
  return byGram(a) ?? new Float32Array(float64SingularValues(a));
}

/** The singular values of a matrix in float64, to about 1e-15 · the largest, without a Gram matrix. */
export function float64SingularValues({ rows, columns, values }: Dense): Float64Array {
  const dense = { rows, columns, values: new Float64Array(values) };
  const [found] =
    nativeOp("Svd", [dense], 3, { compute_uv: false, full_matrices: false }) ?? svdInJavaScript(dense, false);
  return found!.values as Float64Array;
}

function byGram(a: Scaled): Float32Array | undefined {
  return onNative((native) => {
    const eigenvalues = Gram.of(native, a).eigenvalues(native);
    return Float32Array.from(eigenvalues.reverse(), (square) => Math.sqrt(Math.max(square, 0)));
  });
}
