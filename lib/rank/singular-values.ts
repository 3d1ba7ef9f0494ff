import { SingularValueDecomposition } from "ml-matrix";
import { tf } from "../backend/tf";
import { Gram } from "../linalg/gram";
import { nativeOp, onNative } from "../linalg/native-op";
import { type Dense, denseOf, type Operand, shapeOf, toMatrix } from "../linalg/operand";

/**
 * The singular values of a matrix, largest first, in its own type: `numpy.linalg.svd(a, compute_uv=False)`.
 *
 * Of a float32 tensor, with TensorFlow, they are the square roots of the eigenvalues of its Gram matrix in float64:
 * within 1e-7 · the largest, which is NumPy's error too, in less time. Of a `Matrix` they are TensorFlow's, and without
 * TensorFlow ml-matrix's. Those below the error may come back as 0.
 *
 * @param a [m, n]
 * @returns min(m, n) numbers.
 * @throws TypeError or RangeError for anything but a matrix of finite numbers.
 */
export function singularValues(a: Operand): Float32Array | Float64Array {
  return singularValuesFor(a, "singularValues");
}

/** The same for `caller`, as the errors name it. */
export function singularValuesFor(a: Operand, caller: string): Float32Array | Float64Array {
  const shape = shapeOf(a, caller);
  return (a instanceof tf.Tensor ? byGram(a, shape) : undefined) ?? singularValuesOf(denseOf(a, caller));
}

/** The singular values of a matrix whose numbers are known to be finite. */
export function singularValuesOf(dense: Dense): Float32Array | Float64Array {
  const result = nativeOp("Svd", [dense], 3, { compute_uv: false, full_matrices: false });
  return result ? result[0]!.values : inJavaScript(dense);
}

function byGram(a: tf.Tensor, shape: readonly [number, number]): Float32Array | undefined {
  return onNative((native) => {
    const gram = Gram.of(native, a, shape);
    if (!Number.isFinite(gram.trace)) return undefined;
    return Float32Array.from(gram.eigenvalues(native).reverse(), (square) => Math.sqrt(Math.max(square, 0)));
  });
}

function inJavaScript(dense: Dense): Float32Array | Float64Array {
  const options = {
    autoTranspose: true,
    computeLeftSingularVectors: false,
    computeRightSingularVectors: false,
  };
  const { diagonal } = new SingularValueDecomposition(toMatrix(dense), options);
  const values = dense.values.slice(0, Math.min(dense.rows, dense.columns));
  values.set(diagonal.slice(0, values.length));
  return values;
}
