import type { Operand } from "../linalg/operand";
import { type Spectrum, spectrumOf } from "./spectrum";

/**
 * The nuclear rank Σσ / σ₁: the nuclear norm of a / ‖a‖₂, where the nuclear norm is the convex envelope of the rank
 * over the ball ‖a‖₂ ≤ 1 (Fazel 2002). It weighs small singular values more than `stableRank`.
 *
 * In NumPy `np.linalg.norm(a, "nuc") / np.linalg.norm(a, 2)`; WeightWatcher has no counterpart.
 *
 * @param a The matrix [m, n], or its spectrum.
 * @returns A number in [1, the rank of a], at least `stableRank` and at most `effectiveRank`; 0 for a zero matrix.
 * @throws TypeError or RangeError for anything but a matrix of finite numbers.
 */
export function nuclearRank(a: Operand | Spectrum): number {
  return spectrumOf(a, "nuclearRank")
    .relative()
    .reduce((sum, value) => sum + value, 0);
}
