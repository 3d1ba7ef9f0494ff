import type { Operand } from "../linalg/operand";
import { type Spectrum, spectrumOf } from "./spectrum";

/**
 * The effective rank exp(−Σ pᵢ ln pᵢ) with pᵢ = σᵢ / Σσ (Roy & Vetterli 2007, The effective rank: a measure of
 * effective dimensionality): the number of equal singular values with the same entropy.
 *
 * In PyTorch `torch.distributions.Categorical(probs=torch.linalg.svdvals(a)).entropy().exp()`. It deliberately differs
 * from WeightWatcher's `entropy`, which takes pᵢ = σᵢ² / Σσ² and divides the entropy by the logarithm of the rank.
 *
 * @param a The matrix [m, n], or its spectrum.
 * @returns A number in [1, the rank of a], at least `nuclearRank`; 0 for a zero matrix.
 * @throws TypeError or RangeError for anything but a matrix of finite numbers.
 */
export function effectiveRank(a: Operand | Spectrum): number {
  const values = spectrumOf(a, "effectiveRank")
    .relative()
    .filter((value) => value > 0);
  if (values.length === 0) return 0;
  const total = values.reduce((sum, value) => sum + value, 0);
  const entropy = values.reduce((sum, value) => sum - (value / total) * Math.log(value / total), 0);
  return Math.exp(entropy);
}
