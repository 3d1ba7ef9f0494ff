import { Matrix } from "ml-matrix";
import { matmul } from "../../linalg/matmul";
import type { RandomState } from "../../random/numpy";
import { inspect, modelText } from "../model-text";

/** A matrix of independent standard normal numbers, drawn row by row as NumPy's `randn(rows, columns)`. */
export function normalMatrix(random: RandomState, rows: number, columns: number): Matrix {
  return Matrix.from1DArray(rows, columns, random.randn(rows, columns));
}

/** One matrix for each layer's weights, of their shapes. */
export interface LayerGradients {
  /** [N2, N1] */
  dLdW21: Matrix;
  /** [N3, N2] */
  dLdW32: Matrix;
}

/**
 * The two-layer linear network g(x) = W32·W21·x with N1 inputs, N2 hidden units and N3 outputs.
 *
 * Weights are [outputs, inputs] and examples rows, so that a layer is X·Wᵀ.
 */
export class LinearNetwork {
  /** [N2, N1] */
  W21: Matrix;
  /** [N3, N2] */
  W32: Matrix;
  /** The activities of the last forward pass, an example a row: inputs, hidden units and outputs. */
  g1?: Matrix;
  g2?: Matrix;
  g3?: Matrix;

  /**
   * Draws W21, then W32.
   *
   * @param scale the standard deviation of the weights
   */
  constructor(N1: number, N2: number, N3: number, random: RandomState, { scale = 1 } = {}) {
    this.W21 = normalMatrix(random, N2, N1).mul(scale);
    this.W32 = normalMatrix(random, N3, N2).mul(scale);
  }

  /** The outputs [P, N3] for the inputs X [P, N1]; the activities are kept for the gradients. */
  forward(X: Matrix): Matrix {
    this.g1 = X;
    this.g2 = matmul(this.g1, this.W21, { transposeB: true });
    this.g3 = matmul(this.g2, this.W32, { transposeB: true });
    return this.g3;
  }

  /** The map that the network computes, W32·W21, [N3, N1]. */
  get W(): Matrix {
    return matmul(this.W32, this.W21);
  }

  /** The weights of both layers by name, which stay the network's. */
  get parameters(): Record<"W21" | "W32", Matrix> {
    const { W21, W32 } = this;
    return { W21, W32 };
  }

  /** The model's parameters with their shapes, as `console.log` shows them. */
  [inspect](): string {
    const { W21, W32 } = this;
    const shapeOf = ({ rows, columns }: Matrix) => ({ shape: [rows, columns] });
    return modelText(this.constructor.name, { W21: shapeOf(W21), W32: shapeOf(W32) });
  }
}

/** The squared error summed over outputs, averaged over the P examples: L = Σ (Y − gX)² / P, both [P, N3]. */
export function squaredErrorLoss(Y: Matrix, gX: Matrix): number {
  const E = Matrix.sub(Y, gX);
  return E.mul(E).sum() / Y.rows;
}

/**
 * The gradient of `squaredErrorLoss` at the network's last forward pass, by hand, layer by layer backwards.
 *
 * @param Y the targets of the examples passed forward, [P, N3]
 * @throws Error if nothing has been passed forward or Y has another shape than its outputs
 */
export function layerGradients(Y: Matrix, { W32, g1, g2, g3 }: LinearNetwork): LayerGradients {
  if (!g1 || !g2 || !g3) throw new Error("Gradients need a forward pass first");
  if (Y.rows !== g3.rows || Y.columns !== g3.columns) {
    throw new RangeError(`Targets are [${Y.rows}, ${Y.columns}], expected [${g3.rows}, ${g3.columns}]`);
  }
  const P = Y.rows;
  const dLdg3 = Matrix.sub(g3, Y).mul(2 / P);
  const dLdW32 = matmul(dLdg3, g2, { transposeA: true });
  const dLdg2 = matmul(dLdg3, W32);
  const dLdW21 = matmul(dLdg2, g1, { transposeA: true });
  return { dLdW21, dLdW32 };
}

/**
 * The gradients as the original notebook computes them: it averages over the P examples what it has divided by P
 * already, so they are the true ones over P, and its learning rates P times those that the true ones need.
 */
export function originalGradients(Y: Matrix, network: LinearNetwork): LayerGradients {
  const { dLdW21, dLdW32 } = layerGradients(Y, network);
  return { dLdW21: dLdW21.div(Y.rows), dLdW32: dLdW32.div(Y.rows) };
}

/** One step of gradient descent, in place: W ← W − lr · ∂L/∂W. */
export function gradientStep(network: LinearNetwork, { dLdW21, dLdW32 }: LayerGradients, lr: number): void {
  network.W21.sub(Matrix.mul(dLdW21, lr));
  network.W32.sub(Matrix.mul(dLdW32, lr));
}

/** The root of the mean square of a matrix's entries. */
export function rms(matrix: Matrix): number {
  return matrix.norm("frobenius") / Math.sqrt(matrix.rows * matrix.columns);
}
