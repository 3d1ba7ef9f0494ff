import { SingularValueDecomposition } from "ml-matrix";
import { nativeOp } from "./native-op";
import { type Dense, denseOf, fromMatrix, matrixLike, type Operand, toMatrix } from "./operand";

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
 * TensorFlow in the type of `a`, or by ml-matrix in float64.
 *
 * Departure from NumPy: v is not transposed. Singular values below about eps · s[0] may come back as 0.
 *
 * @param a [m, n]
 * @throws TypeError or RangeError for anything but a matrix of finite numbers.
 */
export function svd<M extends Operand>(a: M): Svd<M> {
  const dense = denseOf(a, "svd");
  const [s, u, v] =
    nativeOp("Svd", [dense], 3, { compute_uv: true, full_matrices: false }) ?? inJavaScript(dense);
  return { u: matrixLike(a, u!), s: s!.values, v: matrixLike(a, v!) };
}

function inJavaScript({ rows, columns, values }: Dense): Dense[] {
  const svd = new SingularValueDecomposition(toMatrix({ rows, columns, values }), { autoTranspose: true });
  const k = Math.min(rows, columns);
  const s = values.slice(0, k);
  s.set(svd.diagonal.slice(0, k));
  return [
    { rows: 1, columns: k, values: s },
    fromMatrix(svd.leftSingularVectors.subMatrix(0, rows - 1, 0, k - 1)),
    fromMatrix(svd.rightSingularVectors.subMatrix(0, columns - 1, 0, k - 1)),
  ];
}
