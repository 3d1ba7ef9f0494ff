import { Gram } from "../linalg/gram";
import { countAbove } from "../linalg/inertia";
import { largestEigenvalue } from "../linalg/lanczos";
import { onNative, type TensorFlowOps } from "../linalg/native-op";
import type { Scaled } from "../linalg/operand";

/** Below this least dimension the spectrum itself takes no time. */
const SMALL = 64;
/** How wide a bracket of the largest eigenvalue may be: the first takes less time, the second nearly always decides. */
const WIDTHS = [0.4, 1e-9];
/** What the elimination may add to the rounding of the Gram matrix, in units of that. */
const SLACK = 4;

/**
 * How many singular values are above max(atol, rtol · the largest), without computing them: by the inertia of the
 * float64 Gram matrix at the two sides of the tolerance's square, as far from it as rounding reaches. Undefined where
 * the two disagree, where the tolerance is too small for a matrix squared, and without TensorFlow.
 *
 * Rounding is bounded as `roundoff` says. A relative tolerance is taken at the two ends of a bracket of the largest
 * singular value, from Lanczos's method, which holds but for a chance of 1e-9 over starting vectors: where no singular
 * value lies between the two, which is nearly always, the largest itself is not needed.
 *
 * @param a [m, n], scaled.
 * @param tolerances Of the scaled matrix.
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

/** How far from the square of a tolerance rounding may have moved an eigenvalue: of the matrix, and of its elimination. */
const reachOf = (gram: Gram) => (1 + SLACK) * gram.rounding;

/** How many eigenvalues are above a number that lies somewhere from `low` to `high`. */
function countBetween(native: TensorFlowOps, gram: Gram, low: number, high: number): number | undefined {
  const slack = SLACK * gram.rounding;
  const reach = reachOf(gram);
  if (high > gram.trace + reach) return low > gram.trace + reach ? 0 : undefined;
  const count = countAbove(native, gram, high + reach, slack);
  if (count === gram.diagonal.length) return count;
  if (low <= reach) return undefined;
  return countAbove(native, gram, low - reach, slack) === count ? count : undefined;
}
