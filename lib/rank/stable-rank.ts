import type { Operand } from "../linalg/operand";
import { type Spectrum, spectrumOf } from "./spectrum";

/**
 * The stable rank Σσ² / σ₁² = ‖a‖²_F / ‖a‖²₂ (Rudelson & Vershynin 2007, Sampling from large matrices): the number of
 * singular values equal to the largest that would have the same energy. Unlike the rank, it hardly depends on small
 * singular values.
 *
 * WeightWatcher's `stable_rank`; in NumPy `(np.linalg.norm(a) / np.linalg.norm(a, 2)) ** 2`.
 *
 * @param a The matrix [m, n], or its spectrum.
 * @returns A number in [1, the rank of a], at most `participationRatio` and `nuclearRank`; 0 for a zero matrix.
 * @throws TypeError or RangeError for anything but a matrix of finite numbers.
 */
export function stableRank(a: Operand | Spectrum): number {
  return spectrumOf(a, "stableRank")
    .relative()
    .reduce((sum, value) => sum + value ** 2, 0);
}
