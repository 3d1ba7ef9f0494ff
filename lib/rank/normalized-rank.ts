import { requireNumber } from "../checks/check-range";
import type { Operand } from "../linalg/operand";
import { type Spectrum, spectrumOf } from "./spectrum";

/** Options of `normalizedRank`. */
export interface NormalizedRankOptions {
  /** Singular values of a / ‖a‖_F up to this number ≥ 0 count as zero. Default: 1e-3. */
  tol?: number;
}

/**
 * The rank of a / ‖a‖_F, which is the number of singular values above tol · √Σσ²: the measure of Galanti et al. (SGD
 * and weight decay secretly minimize the rank of your neural network), invariant under the scale that weight decay
 * shrinks.
 *
 * In NumPy `np.linalg.matrix_rank(a / np.linalg.norm(a), tol=1e-3)`; WeightWatcher has no counterpart. The tolerance is
 * relative to the whole layer, so k equal singular values count as zero from k = 1 / tol² on, a million by default.
 *
 * @param a The matrix [m, n], or its spectrum.
 * @returns An integer in [0, min(m, n)].
 * @throws RangeError for a tolerance that is negative or NaN; TypeError or RangeError for anything but a matrix of
 *   finite numbers.
 */
export function normalizedRank(a: Operand | Spectrum, { tol = 1e-3 }: NormalizedRankOptions = {}): number {
  requireNumber("normalizedRank: tol", tol, "[0, ∞]");
  const values = spectrumOf(a, "normalizedRank").relative();
  const norm = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
  return values.filter((value) => value > tol * norm).length;
}
