import { Matrix } from "ml-matrix";
import { matmul } from "../../linalg/matmul";
import type { LayerGradients, LinearNetwork } from "./linear-network";

/** The uncentred covariances of inputs and targets, which determine a linear network's loss. */
export interface Covariances {
  /** The covariance of the inputs, XᵀX / P, [N1, N1]. */
  C11: Matrix;
  /** The covariance of targets and inputs, YᵀX / P, [N3, N1]. */
  C31: Matrix;
  /** The covariance of the targets, YᵀY / P, [N3, N3]. */
  C33: Matrix;
}

/**
 * Computes the uncentred covariances of inputs and targets over P examples.
 *
 * @param X The inputs [P, N1].
 * @param Y The targets [P, N3].
 * @throws RangeError for different numbers of examples.
 */
export function covariances(X: Matrix, Y: Matrix): Covariances {
  const P = X.rows;
  const [Xt, Yt] = [X.transpose(), Y.transpose()];
  return { C11: matmul(Xt, X).div(P), C31: matmul(Yt, X).div(P), C33: matmul(Yt, Y).div(P) };
}

/** tr(A·Bᵀ) */
const inner = (A: Matrix, B: Matrix) => Matrix.mul(A, B).sum();

/**
 * Computes `squaredErrorLoss` from covariances, L = tr(W C11 Wᵀ) − 2 tr(W C31ᵀ) + tr(C33) with W = W32·W21.
 * Cancellation leaves an error of about 1e-16 · tr(C33) in small losses.
 */
export function covarianceLoss({ C11, C31, C33 }: Covariances, { W }: LinearNetwork): number {
  return inner(matmul(W, C11), W) - 2 * inner(W, C31) + C33.trace();
}

/**
 * Computes `layerGradients` from covariances, at a cost independent of the number of examples: ∂L/∂W = 2 (W C11 − C31),
 * ∂L/∂W32 = ∂L/∂W · W21ᵀ and ∂L/∂W21 = W32ᵀ · ∂L/∂W.
 */
export function covarianceGradients({ C11, C31 }: Covariances, network: LinearNetwork): LayerGradients {
  const { W, W21, W32 } = network;
  const dLdW = matmul(W, C11).sub(C31).mul(2);
  return { dLdW21: matmul(W32, dLdW, { transposeA: true }), dLdW32: matmul(dLdW, W21, { transposeB: true }) };
}
