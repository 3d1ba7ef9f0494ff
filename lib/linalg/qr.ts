import { QrDecomposition } from "ml-matrix";
import { nativeOp } from "./native-op";
import { denseOf, fromMatrix, matrixLike, type Operand, toMatrix } from "./operand";

/**
 * The thin QR decomposition a = q · r: `numpy.linalg.qr(a)`, computed by TensorFlow in the type of `a`, or by ml-matrix
 * in float64. The signs of r's diagonal are free and differ between backends.
 *
 * @param a [m, n] with m ≥ n; NumPy takes wide matrices too.
 * @returns q [m, n] with orthonormal columns, r [n, n] upper triangular.
 * @throws RangeError for a wide matrix; TypeError or RangeError for anything but a matrix of finite numbers.
 */
export function qr<M extends Operand>(a: M): { q: M; r: M } {
  const dense = denseOf(a, "qr");
  const { rows, columns } = dense;
  if (rows < columns)
    throw new RangeError(`qr: expected at least as many rows as columns, got [${rows}, ${columns}]`);
  const [q, r] = nativeOp("Qr", [dense], 2, { full_matrices: false }) ?? inJavaScript(toMatrix(dense));
  return { q: matrixLike(a, q!), r: matrixLike(a, r!) };
}

function inJavaScript(a: ReturnType<typeof toMatrix>) {
  const decomposition = new QrDecomposition(a);
  return [decomposition.orthogonalMatrix, decomposition.upperTriangularMatrix].map(fromMatrix);
}
