import type { tf } from "../backend/tf";
import { denseMatrix } from "./dense-matrix";

/** Entry (i, j) of Sylvester's Hadamard matrices, of every order above both: −1 to the number of bits i and j share. */
export function hadamardEntry(i: number, j: number): number {
  let sign = 1;
  let shared = i & j;
  while (shared !== 0) {
    shared &= shared - 1; // takes the lowest bit away
    sign = -sign;
  }
  return sign;
}

/**
 * Sylvester's Hadamard matrix: entries of ±1, rows orthogonal to one another, so H·Hᵀ = order · I. SciPy's
 * `scipy.linalg.hadamard(order)`.
 *
 * @param order A power of two: 1, 2, 4, …
 * @returns [order, order]
 * @throws RangeError for another order
 */
export function hadamard(order: number): tf.Tensor2D {
  if (!Number.isInteger(Math.log2(order)) || order < 1) {
    throw new RangeError(`a Hadamard matrix has a power of two as its order, got ${order}`);
  }
  return denseMatrix([order, order], hadamardEntry);
}
