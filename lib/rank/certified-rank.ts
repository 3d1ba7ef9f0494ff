import { Gram } from "../linalg/gram";
import { countAbove } from "../linalg/inertia";
import { bracketOfNorm } from "../linalg/lanczos";
import { linearMap } from "../linalg/linear-map";
import { type NativeOps, onNative } from "../linalg/native-op";
import type { Operand } from "../linalg/operand";
import { spectralNorm } from "./spectral-norm";

/** Below this least dimension the spectrum itself takes no time. */
const SMALL = 64;
/** What the spectral norm may be off, as a share of it. */
const NORM_ERROR = 1e-5;
/** What the elimination may add to the rounding of the Gram matrix, in units of that. */
const SLACK = 4;

/**
 * How many singular values are above max(atol, rtol · the largest), without computing them: by the inertia of the
 * float64 Gram matrix at the two sides of the tolerance's square, as far from it as rounding reaches. Undefined where
 * the two disagree, where the tolerance is too small for a matrix squared, and without TensorFlow.
 *
 * A relative tolerance is first taken at the two ends of a bracket of the largest singular value: where no other lies
 * between, which is nearly always, the value itself is not needed.
 *
 * @param a [m, n]; undefined too where it holds NaN or infinity.
 */
export function certifiedRank(
  a: Operand,
  shape: readonly [number, number],
  { atol, rtol }: { atol: number; rtol: number },
): number | undefined {
  if (Math.min(...shape) < SMALL) return undefined;
  return onNative((native) => {
    const gram = Gram.of(native, a, shape);
    if (!Number.isFinite(gram.trace)) return undefined;
    if (rtol === 0) return countBetween(native, gram, atol, atol);
    const within = (norms: [number, number]) =>
      countBetween(native, gram, Math.max(atol, rtol * norms[0]), Math.max(atol, rtol * norms[1]));
    const [low, high] = bracketOfNorm(linearMap(a, "matrixRank"), shape);
    const count = within([low * (1 - NORM_ERROR), high * (1 + NORM_ERROR)]);
    if (count !== undefined || (rtol * high) ** 2 <= reachOf(gram)) return count;
    const norm = spectralNorm(a);
    return within([norm * (1 - NORM_ERROR), norm * (1 + NORM_ERROR)]);
  });
}

/** How far from the square of a tolerance rounding may have moved an eigenvalue: of the matrix, and of its elimination. */
const reachOf = (gram: Gram) => (1 + SLACK) * gram.rounding;

/** How many singular values are above a tolerance that lies somewhere from `low` to `high`. */
function countBetween(native: NativeOps, gram: Gram, low: number, high: number): number | undefined {
  const slack = SLACK * gram.rounding;
  const reach = reachOf(gram);
  const count = countAbove(native, gram, high ** 2 + reach, slack);
  if (count === gram.diagonal.length) return count;
  if (low ** 2 <= reach) return undefined;
  return countAbove(native, gram, low ** 2 - reach, slack) === count ? count : undefined;
}
