import { requireNumber } from "../checks/check-range";
import type { Operand } from "../linalg/operand";
import { type Spectrum, spectrumOf } from "./spectrum";

/**
 * The least k for which the k largest singular values have a given fraction of the energy Σσ²: the rank of the smallest
 * truncation whose error is at most 1 − fraction of ‖a‖²_F (Eckart & Young 1936).
 *
 * In NumPy `np.searchsorted(np.cumsum(s**2) / np.sum(s**2), fraction) + 1`; WeightWatcher has no counterpart.
 *
 * @param a The matrix [m, n], or its spectrum.
 * @param fraction The fraction of the energy in (0, 1], commonly 0.9, 0.95 or 0.99. At 1, singular values below about
 *   1e-8 · the largest are lost in the rounding of the sum; `matrixRank` counts those.
 * @returns An integer in [1, min(m, n)]; 0 for a zero matrix.
 * @throws RangeError for another fraction; TypeError or RangeError for anything but a matrix of finite numbers.
 */
export function energyRank(a: Operand | Spectrum, fraction: number): number {
  requireNumber("energyRank: fraction", fraction, "(0, 1]");
  let sum = 0;
  const sums = spectrumOf(a, "energyRank")
    .relative()
    .map((value) => {
      sum += value ** 2;
      return sum;
    });
  return sum === 0 ? 0 : 1 + sums.findIndex((partial) => partial / sum >= fraction);
}
