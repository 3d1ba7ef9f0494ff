import { Matrix } from "ml-matrix";
import { matmul } from "../../linalg/matmul";
import type { LayerGradients, LinearNetwork } from "./linear-network";

/** The covariances that determine a linear network's loss: averages over the examples, means not removed. */
export interface Covariances {
  /** Of inputs with inputs, XᵀX / P, [N1, N1]. */
  C11: Matrix;
  /** Of targets with inputs, YᵀX / P, [N3, N1]. */
  C31: Matrix;
  /** Of targets with targets, YᵀY / P, [N3, N3]. */
  C33: Matrix;
}

/**
 * The covariances of inputs and targets, averaged over the P examples.
 *
 * @param X Inputs, [P, N1].
 * @param Y Targets, [P, N3].
 */
export function covariances(X: Matrix, Y: Matrix): Covariances {
  const P = X.rows;
  const [Xt, Yt] = [X.transpose(), Y.transpose()];
  return { C11: matmul(Xt, X).div(P), C31: matmul(Yt, X).div(P), C33: matmul(Yt, Y).div(P) };
}

/** tr(A·Bᵀ) */
const inner = (A: Matrix, B: Matrix) => Matrix.mul(A, B).sum();

/**
 * `squaredErrorLoss` over the examples behind the covariances, L = tr(W C11 Wᵀ) − 2 tr(W C31ᵀ) + tr(C33) with W = W32·W21.
 * Its three terms cancel where the loss is small, which leaves an error of about 1e-16 · tr(C33).
 */
export function covarianceLoss({ C11, C31, C33 }: Covariances, { W }: LinearNetwork): number {
  return inner(matmul(W, C11), W) - 2 * inner(W, C31) + C33.trace();
}

/**
 * `layerGradients` over the examples behind the covariances, at the cost of one product with C11 however many examples
 * there are: ∂L/∂W = 2 (W C11 − C31), then ∂L/∂W32 = ∂L/∂W · W21ᵀ and ∂L/∂W21 = W32ᵀ · ∂L/∂W.
 */
export function covarianceGradients({ C11, C31 }: Covariances, network: LinearNetwork): LayerGradients {
  const { W, W21, W32 } = network;
  const dLdW = matmul(W, C11).sub(C31).mul(2);
  return { dLdW21: matmul(W32, dLdW, { transposeA: true }), dLdW32: matmul(dLdW, W21, { transposeB: true }) };
}
