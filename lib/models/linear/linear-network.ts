import { Matrix } from "ml-matrix";
import { matmul } from "../../linalg/matmul";
import type { RandomState } from "../../random/numpy";
import { inspect, modelText } from "../model-text";

/** Draws a matrix of independent standard normal numbers like NumPy's `randn(rows, columns)`. */
export function normalMatrix(random: RandomState, rows: number, columns: number): Matrix {
  return Matrix.from1DArray(rows, columns, random.randn(rows, columns));
}

/** The gradients of the loss with respect to both layers' weights. */
export interface LayerGradients {
  /** [N2, N1] */
  dLdW21: Matrix;
  /** [N3, N2] */
  dLdW32: Matrix;
}

/**
 * The two-layer linear network g(x) = W32·W21·x with N1 inputs, N2 hidden units and N3 outputs.
 *
 * Weights are [outputs, inputs] and examples are rows, so that a layer computes X·Wᵀ.
 */
export class LinearNetwork {
  /** The weights of the first layer [N2, N1]. */
  W21: Matrix;
  /** The weights of the second layer [N3, N2]. */
  W32: Matrix;
  /** The inputs of the last forward pass [P, N1]. */
  g1?: Matrix;
  /** The hidden units of the last forward pass [P, N2]. */
  g2?: Matrix;
  /** The outputs of the last forward pass [P, N3]. */
  g3?: Matrix;

  /**
   * Draws standard normal weights, W21 before W32.
   *
   * @param N1 The number of inputs.
   * @param N2 The number of hidden units.
   * @param N3 The number of outputs.
   * @param random The random generator.
   * @param options.scale The standard deviation of the weights. Default: 1.
   */
  constructor(N1: number, N2: number, N3: number, random: RandomState, { scale = 1 } = {}) {
    this.W21 = normalMatrix(random, N2, N1).mul(scale);
    this.W32 = normalMatrix(random, N3, N2).mul(scale);
  }

  /** Computes the outputs [P, N3] for the inputs X [P, N1] and stores the activations for the gradients. */
  forward(X: Matrix): Matrix {
    this.g1 = X;
    this.g2 = matmul(this.g1, this.W21, { transposeB: true });
    this.g3 = matmul(this.g2, this.W32, { transposeB: true });
    return this.g3;
  }

  /** The network's linear map W32·W21 [N3, N1]. */
  get W(): Matrix {
    return matmul(this.W32, this.W21);
  }

  /** The weights of both layers by name, not copied. */
  get parameters(): Record<"W21" | "W32", Matrix> {
    const { W21, W32 } = this;
    return { W21, W32 };
  }

  /** Returns the text that `console.log` prints: the parameters with their shapes. */
  [inspect](): string {
    const { W21, W32 } = this;
    const shapeOf = ({ rows, columns }: Matrix) => ({ shape: [rows, columns] });
    return modelText(this.constructor.name, { W21: shapeOf(W21), W32: shapeOf(W32) });
  }
}

/**
 * The squared error summed over outputs and averaged over examples, L = Σ (Y − gX)² / P.
 *
 * @param Y The targets [P, N3].
 * @param gX The outputs [P, N3].
 */
export function squaredErrorLoss(Y: Matrix, gX: Matrix): number {
  const E = Matrix.sub(Y, gX);
  return E.mul(E).sum() / Y.rows;
}

/**
 * Computes the gradients of `squaredErrorLoss` at the network's last forward pass by backpropagation.
 *
 * @param Y The targets [P, N3] of the examples of that forward pass.
 * @param network The network.
 * @throws Error if there was no forward pass; RangeError if the shapes of targets and outputs differ.
 */
export function layerGradients(Y: Matrix, { W32, g1, g2, g3 }: LinearNetwork): LayerGradients {
  if (!g1 || !g2 || !g3) throw new Error("Gradients require a forward pass first");
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
 * Computes the gradients as in the original notebook, which divides by P twice: they are `layerGradients` divided by P,
 * so the original's learning rates are P times those for the true gradients.
 *
 * @param Y The targets [P, N3].
 * @param network The network after its forward pass.
 * @throws Error or RangeError as `layerGradients`.
 */
export function originalGradients(Y: Matrix, network: LinearNetwork): LayerGradients {
  const { dLdW21, dLdW32 } = layerGradients(Y, network);
  return { dLdW21: dLdW21.div(Y.rows), dLdW32: dLdW32.div(Y.rows) };
}

/** Takes one step of gradient descent in place: W ← W − lr · ∂L/∂W. */
export function gradientStep(network: LinearNetwork, { dLdW21, dLdW32 }: LayerGradients, lr: number): void {
  network.W21.sub(Matrix.mul(dLdW21, lr));
  network.W32.sub(Matrix.mul(dLdW32, lr));
}

/** The root of the mean square of a matrix's entries. */
export function rms(matrix: Matrix): number {
  return matrix.norm("frobenius") / Math.sqrt(matrix.rows * matrix.columns);
}
