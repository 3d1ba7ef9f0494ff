import { EigenvalueDecomposition } from "ml-matrix";
import { nativeOp } from "./native-op";
import { type Dense, fromMatrix, matrixLike, type Operand, type Scaled, toMatrix } from "./operand";
import { allTimesPowerOfTwo } from "./scale";
import { symmetricOf } from "./symmetric";

/**
 * Computes the eigenvalues and eigenvectors of a symmetric matrix, a = vectors · diag(values) · vectorsᵀ:
 * `numpy.linalg.eigh(a)`. They are computed by TensorFlow in the type of `a`, or else by ml-matrix in float64.
 *
 * @param a A symmetric matrix [n, n], of which only the lower triangle is read.
 * @returns The eigenvalues, smallest first, and a matrix [n, n] whose columns are the corresponding eigenvectors.
 * @throws RangeError for a matrix that is not square; TypeError or RangeError for anything but a matrix of finite
 *   numbers.
 */
export function eigh<M extends Operand>(a: M): { values: Float32Array | Float64Array; vectors: M } {
  const scaled = symmetricOf(a, "eigh");
  const [values, vectors] = decompose(scaled, true);
  return { values: valuesOf(values!, scaled), vectors: matrixLike(a, vectors!) };
}

/**
 * Computes the eigenvalues of a symmetric matrix: `numpy.linalg.eigvalsh(a)`.
 *
 * @param a A symmetric matrix [n, n], of which only the lower triangle is read.
 * @returns The n eigenvalues, smallest first.
 * @throws RangeError for a matrix that is not square; TypeError or RangeError for anything but a matrix of finite
 *   numbers.
 */
export function eigvalsh(a: Operand): Float32Array | Float64Array {
  const scaled = symmetricOf(a, "eigvalsh");
  return valuesOf(decompose(scaled, false)[0]!, scaled);
}

function valuesOf({ values }: Dense, { exponent }: Scaled): Float32Array | Float64Array {
  return allTimesPowerOfTwo(values, exponent);
}

function decompose(dense: Dense, withVectors: boolean): Dense[] {
  return nativeOp("SelfAdjointEigV2", [dense], 2, { compute_v: withVectors }) ?? inJavaScript(dense);
}

function inJavaScript(dense: Dense): Dense[] {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(toMatrix(dense), {
    assumeSymmetric: true,
  });
  const values = dense.values.slice(0, dense.rows);
  values.set(realEigenvalues);
  return [{ rows: 1, columns: dense.rows, values }, fromMatrix(eigenvectorMatrix)];
}
