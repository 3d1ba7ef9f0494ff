import type { tf } from "../backend/tf";
import { denseMatrix } from "./dense-matrix";

/** Entry (i, j) of Sylvester's Hadamard matrix of any order above i and j: (−1)^(number of common 1 bits). */
export function hadamardEntry(i: number, j: number): number {
  let sign = 1;
  let shared = i & j;
  while (shared !== 0) {
    shared &= shared - 1; // clears the lowest one bit
    sign = -sign;
  }
  return sign;
}

/**
 * Sylvester's Hadamard matrix, whose entries are ±1 and whose rows are orthogonal, so that H·Hᵀ = order · I:
 * `scipy.linalg.hadamard(order)`.
 *
 * @param order A power of two: 1, 2, 4, …
 * @returns The matrix [order, order], float32.
 * @throws RangeError for another order.
 */
export function hadamard(order: number): tf.Tensor2D {
  if (!Number.isInteger(Math.log2(order)) || order < 1) {
    throw new RangeError(`hadamard: the order is ${order}, expected a power of two`);
  }
  return denseMatrix([order, order], hadamardEntry);
}
