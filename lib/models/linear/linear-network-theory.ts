import { type Matrix, SingularValueDecomposition } from "ml-matrix";
import { matmul } from "../../linalg/matmul";

/** The singular value decomposition C31 = U·diag(s)·Vᵀ, whose modes a linear network learns one after another. */
export interface Modes {
  /** The left singular vectors [N3, modes]. */
  U: Matrix;
  /** The singular values, largest first. */
  s: number[];
  /** The right singular vectors [N1, modes]. */
  V: Matrix;
}

/**
 * Computes the modes of a covariance of targets and inputs, of which it keeps as many as the numerical rank with the
 * tolerance of `numpy.linalg.matrix_rank`.
 *
 * @param C31 [N3, N1]
 */
export function modesOf(C31: Matrix): Modes {
  const svd = new SingularValueDecomposition(C31, { autoTranspose: true });
  const { leftSingularVectors: U, rightSingularVectors: V, diagonal, rank } = svd;
  const first = (vectors: Matrix) => vectors.subMatrix(0, vectors.rows - 1, 0, rank - 1);
  return { U: first(U), s: diagonal.slice(0, rank), V: first(V) };
}

/** Computes the strength uᵀ·W·v of each mode in a map W [N3, N1], which is s once the mode is learned. */
export function modeStrengths(W: Matrix, { U, V }: Modes): number[] {
  return matmul(matmul(U, W, { transposeA: true }), V).diagonal();
}

/**
 * The theoretical strength at time t of a mode that a two-layer linear network learns on white inputs (C11 = 1) from
 * small, balanced weights: a(t) = s·e^{2st/τ} / (e^{2st/τ} − 1 + s/a₀), the solution of τ da/dt = 2a(s − a) in Saxe,
 * McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks"
 * (2013). It is computed as s / (1 + (s/a₀ − 1)·e^{−2st/τ}), which does not overflow.
 *
 * Gradient descent on `squaredErrorLoss` with a small learning rate lr follows it, with t counted in updates and
 * τ = 1 / (2·lr), since this loss lacks the factor ½ of the paper's.
 *
 * @param t The time ≥ 0.
 * @param options.s The mode's singular value in C31.
 * @param options.a0 The mode's strength at t = 0, > 0.
 * @param options.tau The time constant τ, > 0.
 */
export function theoreticalStrength(
  t: number,
  { s, a0, tau }: { s: number; a0: number; tau: number },
): number {
  return s / (1 + (s / a0 - 1) * Math.exp((-2 * s * t) / tau));
}
