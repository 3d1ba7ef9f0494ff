import type { Operand } from "../linalg/operand";
import { type Spectrum, spectrumOf } from "./spectrum";

/**
 * The stable rank Σσ² / σ₁² = ‖a‖²_F / ‖a‖²₂ (Rudelson & Vershynin 2007, Sampling from large matrices): how many
 * directions as strong as the strongest would carry a's energy. Small singular values hardly change it, unlike the rank.
 *
 * WeightWatcher's `stable_rank`; in NumPy `(np.linalg.norm(a) / np.linalg.norm(a, 2)) ** 2`.
 *
 * @param a [m, n], or its spectrum.
 * @returns From 1 to the rank of a, never above `participationRatio` or `nuclearRank`; 0 for a zero matrix.
 * @throws TypeError or RangeError for anything but a matrix of finite numbers.
 */
export function stableRank(a: Operand | Spectrum): number {
  return spectrumOf(a, "stableRank")
    .relative()
    .reduce((sum, value) => sum + value ** 2, 0);
}
