import { CholeskyDecomposition } from "ml-matrix";
import { nativeOp } from "./native-op";
import { type Dense, firstNotFinite, fromMatrix, matrixLike, type Operand, toMatrix } from "./operand";
import { allTimesPowerOfTwo } from "./scale";
import { symmetricOf } from "./symmetric";

/**
 * The lower triangular l with a = l · lᵀ: `numpy.linalg.cholesky(a)`, computed by TensorFlow in the type of `a`, or by
 * ml-matrix in float64.
 *
 * @param a [n, n], symmetric and positive definite; only its lower triangle is read.
 * @throws RangeError for a matrix that is not square or not positive definite; TypeError or RangeError for anything
 *   but a matrix of finite numbers.
 */
export function cholesky<M extends Operand>(a: M): M {
  const scaled = symmetricOf(a, "cholesky");
  const l = factor(scaled);
  if (!l) throw new RangeError("cholesky: expected a positive definite matrix, got one that is not");
  return matrixLike(a, { ...l, values: allTimesPowerOfTwo(l.values, scaled.exponent / 2) });
}

/** The factor, or undefined where there is none: TensorFlow then answers with NaN or an error, by its version. */
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
