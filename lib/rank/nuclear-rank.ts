import type { Operand } from "../linalg/operand";
import { type Spectrum, spectrumOf } from "./spectrum";

/**
 * The nuclear rank Σσ / σ₁: the nuclear norm, which is the convex envelope of the rank over ‖a‖₂ ≤ 1 (Fazel 2002), of
 * the matrix scaled to that ball. It weighs small singular values more than `stableRank`.
 *
 * In NumPy `np.linalg.norm(a, "nuc") / np.linalg.norm(a, 2)`; WeightWatcher has none.
 *
 * @param a [m, n], or its spectrum.
 * @returns From `stableRank` to `effectiveRank`, so from 1 to the rank of a; 0 for a zero matrix.
 * @throws TypeError or RangeError for anything but a matrix of finite numbers.
 */
export function nuclearRank(a: Operand | Spectrum): number {
  return spectrumOf(a, "nuclearRank")
    .relative()
    .reduce((sum, value) => sum + value, 0);
}
