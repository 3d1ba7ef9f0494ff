import { SingularValueDecomposition } from "ml-matrix";
import { nativeOp } from "../linalg/native-op";
import { type Dense, denseOf, type Operand, toMatrix } from "../linalg/operand";

/**
 * The singular values of a matrix, largest first, in its own type: `numpy.linalg.svd(a, compute_uv=False)`, computed
 * by TensorFlow, or by ml-matrix in float64. Those below about eps · the largest may come back as 0.
 *
 * @param a [m, n]
 * @returns min(m, n) numbers.
 * @throws TypeError or RangeError for anything but a matrix of finite numbers.
 */
export function singularValues(a: Operand): Float32Array | Float64Array {
  const dense = denseOf(a, "singularValues");
  const result = nativeOp("Svd", [dense], 3, { compute_uv: false, full_matrices: false });
  return result ? result[0]!.values : inJavaScript(dense);
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
