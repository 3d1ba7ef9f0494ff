import { Gram } from "../linalg/gram";
import { countAbove } from "../linalg/inertia";
import { largestEigenvalue } from "../linalg/lanczos";
import { onNative, type TensorFlowOps } from "../linalg/native-op";
import type { Scaled } from "../linalg/operand";

/** Below this least dimension computing the spectrum itself is fast enough. */
const SMALL = 64;
/** The relative widths of brackets of the largest eigenvalue: the first is fast, the second almost always suffices. */
const WIDTHS = [0.4, 1e-9];
/** The bound of the elimination's rounding errors, in units of the Gram matrix's. */
const SLACK = 4;

/**
 * Counts the singular values above max(atol, rtol · the largest) without computing them, by the inertia of the float64
 * Gram matrix at two shifts, below and above the square of the tolerance by the bound of the rounding errors.
 *
 * `Gram` bounds the rounding errors. A relative tolerance is taken at both ends of a bracket of the largest singular
 * value from Lanczos's method, which fails with probability 1e-9 over starting vectors: if no singular value lies
 * between the two tolerances, which is almost always so, the largest itself is not needed.
 *
 * @param a The matrix [m, n], scaled.
 * @param tolerances The tolerances of the scaled matrix, one of them 0.
 * @returns The count; undefined where the two shifts disagree, the tolerance is too small for squares, the least
 *   dimension is below 64, or another backend than TensorFlow runs.
 */
export function certifiedRank(a: Scaled, { atol, rtol }: { atol: number; rtol: number }): number | undefined {
  const size = Math.min(a.rows, a.columns);
  if (size < SMALL) return undefined;
  return onNative((native) => {
    const gram = Gram.of(native, a);
    if (rtol === 0) return countBetween(native, gram, atol ** 2, atol ** 2);
    const product = (v: Float64Array) => native.timesVector(gram.held, v);
    for (const width of WIDTHS) {
      const norm = largestEigenvalue(product, size, width);
      if (!norm) return undefined;
      const square = (largest: number) => Math.max(atol, rtol * Math.sqrt(Math.max(largest, 0))) ** 2;
      const [low, high] = [square(norm.low - gram.rounding), square(norm.high + gram.rounding)];
      const count = countBetween(native, gram, low, high);
      if (count !== undefined || high <= reachOf(gram)) return count;
    }
    return undefined;
  });
}

/** The bound of an eigenvalue's rounding error, from the Gram matrix and from its elimination. */
const reachOf = (gram: Gram) => (1 + SLACK) * gram.rounding;

/** The number of eigenvalues above any number in [low, high]; undefined if it is not certain to be constant there. */
function countBetween(native: TensorFlowOps, gram: Gram, low: number, high: number): number | undefined {
  const slack = SLACK * gram.rounding;
  const reach = reachOf(gram);
  if (high > gram.trace + reach) return low > gram.trace + reach ? 0 : undefined;
  const count = countAbove(native, gram, high + reach, slack);
  if (count === gram.diagonal.length) return count;
  if (low <= reach) return undefined;
  return countAbove(native, gram, low - reach, slack) === count ? count : undefined;
}
