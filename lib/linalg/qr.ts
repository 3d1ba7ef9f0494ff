import { QrDecomposition } from "ml-matrix";
import { nativeOp } from "./native-op";
import { type Dense, fromMatrix, matrixLike, type Operand, scaledOf, toMatrix } from "./operand";
import { allTimesPowerOfTwo } from "./scale";

/**
 * The thin QR decomposition a = q · r: `numpy.linalg.qr(a)`, computed by TensorFlow in the type of `a`, or by ml-matrix
 * in float64. The signs of r's diagonal are free and differ between backends.
 *
 * @param a [m, n] with m ≥ n; NumPy takes wide matrices too.
 * @returns q [m, n] with orthonormal columns, r [n, n] upper triangular.
 * @throws RangeError for a wide matrix; TypeError or RangeError for anything but a matrix of finite numbers.
 */
export function qr<M extends Operand>(a: M): { q: M; r: M } {
  const scaled = scaledOf(a, "qr");
  const { rows, columns, exponent } = scaled;
  if (rows < columns)
    throw new RangeError(`qr: expected at least as many rows as columns, got [${rows}, ${columns}]`);
  const [q, r] = nativeOp("Qr", [scaled], 2, { full_matrices: false }) ?? inJavaScript(scaled);
  const values = allTimesPowerOfTwo(r!.values, exponent);
  return { q: matrixLike(a, q!), r: matrixLike(a, { ...r!, values }) };
}

function inJavaScript(a: Dense): Dense[] {
  const decomposition = new QrDecomposition(toMatrix(a));
  return [decomposition.orthogonalMatrix, decomposition.upperTriangularMatrix].map(fromMatrix);
}
