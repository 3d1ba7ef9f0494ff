import type { Operand } from "../linalg/operand";
import { type Spectrum, spectrumOf } from "./spectrum";

/**
 * The participation ratio (Σσ²)² / Σσ⁴ = tr(g)² / tr(g²) with g = aᵀa (Gao et al. 2017, A theory of multineuronal
 * dimensionality): the effective number of eigenvalues of g, which is k for k equal ones.
 *
 * In NumPy `np.trace(g) ** 2 / np.sum(g * g)`. It is computed from the spectrum, unlike the participation ratio of a
 * vector's entries that physics uses for localization.
 *
 * @param a The matrix [m, n], or its spectrum. It is not centred: for the dimension of data, centre it first.
 * @returns A number in [1, the rank of a], at least `stableRank`; 0 for a zero matrix.
 * @throws TypeError or RangeError for anything but a matrix of finite numbers.
 */
export function participationRatio(a: Operand | Spectrum): number {
  const energies = spectrumOf(a, "participationRatio")
    .relative()
    .map((value) => value ** 2);
  const total = energies.reduce((sum, energy) => sum + energy, 0);
  if (total === 0) return 0;
  return total ** 2 / energies.reduce((sum, energy) => sum + energy ** 2, 0);
}
