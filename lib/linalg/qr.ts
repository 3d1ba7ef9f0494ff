import { QrDecomposition } from "ml-matrix";
import { nativeOp } from "./native-op";
import { type Dense, fromMatrix, matrixLike, type Operand, scaledOf, toMatrix } from "./operand";
import { allTimesPowerOfTwo } from "./scale";

/**
 * Computes the thin QR decomposition a = q · r: `numpy.linalg.qr(a)`. It is computed by TensorFlow in the type of `a`,
 * or else by ml-matrix in float64. The signs of r's diagonal differ between backends.
 *
 * @param a A matrix [m, n] with m ≥ n; NumPy also accepts wide matrices.
 * @returns q [m, n] with orthonormal columns, and the upper triangular r [n, n].
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
