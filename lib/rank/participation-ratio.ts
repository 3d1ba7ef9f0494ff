import type { Operand } from "../linalg/operand";
import { type Spectrum, spectrumOf } from "./spectrum";

/**
 * The participation ratio (Σσ²)² / Σσ⁴ = tr(g)² / tr(g²) with g = aᵀa (Gao et al. 2017, A theory of multineuronal
 * dimensionality): how many eigenvalues of g take part, where k equal ones give k.
 *
 * In NumPy `np.trace(g) ** 2 / np.sum(g * g)`, which is of the spectrum; that of a vector's entries, which physics
 * uses for localization, is another thing.
 *
 * @param a [m, n], or its spectrum. It is not centred: for the dimension of data, centre it first.
 * @returns From `stableRank` to the rank of a; 0 for a zero matrix.
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
