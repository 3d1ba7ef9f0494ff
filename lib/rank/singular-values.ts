import { Gram } from "../linalg/gram";
import { svdInJavaScript } from "../linalg/javascript-svd";
import { nativeOp, onNative } from "../linalg/native-op";
import { type Dense, type Operand, type Scaled, scaledOf } from "../linalg/operand";
import { allTimesPowerOfTwo } from "../linalg/scale";

/**
 * The singular values of a matrix, largest first, in its own type: `numpy.linalg.svd(a, compute_uv=False)`.
 *
 * Of a float32 tensor, with TensorFlow, they are the square roots of the eigenvalues of its Gram matrix in float64:
 * within 1e-7 · the largest, which is NumPy's error too, in less time. Of a `Matrix` they are TensorFlow's, and without
 * TensorFlow computed here in float64. Those below the error may come back as 0.
 *
 * @param a [m, n]
 * @returns min(m, n) numbers.
 * @throws TypeError or RangeError for anything but a matrix of finite numbers.
 */
export function singularValues(a: Operand): Float32Array | Float64Array {
  const scaled = scaledOf(a, "singularValues");
  return allTimesPowerOfTwo(scaledSingularValues(scaled), scaled.exponent);
}

/** Those of a scaled matrix, in its own type. */
export function scaledSingularValues(a: Scaled): Float32Array | Float64Array {
  if (a.values instanceof Float64Array) return float64SingularValues(a);
  return byGram(a) ?? new Float32Array(float64SingularValues(a));
}

/** Those of a scaled matrix within some 1e-15 of the largest, which squaring would not reach. */
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
