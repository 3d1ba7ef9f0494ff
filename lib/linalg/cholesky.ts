import { CholeskyDecomposition } from "ml-matrix";
import { nativeOp } from "./native-op";
import { type Dense, firstNotFinite, fromMatrix, matrixLike, type Operand, toMatrix } from "./operand";
import { allTimesPowerOfTwo } from "./scale";
import { symmetricOf } from "./symmetric";

/**
 * Computes the Cholesky factor of a matrix, the lower triangular l with a = l · lᵀ: `numpy.linalg.cholesky(a)`. It is
 * computed by TensorFlow in the type of `a`, or else by ml-matrix in float64.
 *
 * @param a A symmetric positive definite matrix [n, n], of which only the lower triangle is read.
 * @returns l [n, n], of the kind of `a`.
 * @throws RangeError for a matrix that is not square or not positive definite; TypeError or RangeError for anything but
 *   a matrix of finite numbers.
 */
export function cholesky<M extends Operand>(a: M): M {
  const scaled = symmetricOf(a, "cholesky");
  const l = factor(scaled);
  if (!l)
    throw new RangeError("cholesky: expected a positive definite matrix, got an indefinite or singular one");
  return matrixLike(a, { ...l, values: allTimesPowerOfTwo(l.values, scaled.exponent / 2) });
}

/** The factor; undefined if there is none, for which TensorFlow, depending on its version, returns NaN or throws. */
function factor(dense: Dense): Dense | undefined {
  let l: Dense | undefined;
  try {
    l = nativeOp("Cholesky", [dense], 1)?.[0];
  } catch {
    return undefined;
  }
  if (l) return firstNotFinite(l.values) < 0 ? l : undefined;
  const decomposition = new CholeskyDecomposition(toMatrix(dense));
  return decomposition.isPositiveDefinite() ? fromMatrix(decomposition.lowerTriangularMatrix) : undefined;
}
