import { requireNumber } from "../checks/check-range";
import { normalQuantile } from "./quantile";
import { finiteSample, requirePairs } from "./sample";

/** A correlation and its confidence interval. */
export interface Correlation {
  correlation: number;
  low: number;
  high: number;
}

/**
 * Spearman's rank correlation with a confidence interval: `scipy.stats.spearmanr(x, y).statistic`, where ties share
 * their mean rank.
 *
 * The interval is Bonett and Wright's (2000), by Fisher's z with the variance (1 + r²/2) / (n − 3). At a correlation of
 * ±1, where z is infinite, it is that single point, as in SciPy's `pearsonr(x, y).confidence_interval()`, and does not
 * express the uncertainty of the correlation.
 *
 * @param x At least four finite numbers, not all equal.
 * @param y As many finite numbers, not all equal.
 * @param confidence The probability that the interval covers the true correlation, in (0, 1). Default: 0.95.
 * @throws RangeError for fewer than four numbers, one that is not finite, samples of different lengths, a constant
 *   sample, or another confidence.
 */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>, confidence = 0.95): Correlation {
  requireNumber("spearman: confidence", confidence, "(0, 1)");
  requirePairs("spearman", x, y);
  const [a, b] = [finiteSample("spearman", "x", x, 4), finiteSample("spearman", "y", y, 4)].map(
    centeredRanks,
  );
  const [ab, aa, bb] = [dot(a, b), dot(a, a), dot(b, b)];
  if (aa === 0 || bb === 0) {
    throw new RangeError(`spearman: expected samples that vary, got constant ${aa === 0 ? "x" : "y"}`);
  }
  // Beyond 200,000 numbers the products are rounded, and the quotient may exceed 1.
  const correlation = Math.max(-1, Math.min(ab / Math.sqrt(aa * bb), 1));
  if (Math.abs(correlation) === 1) return { correlation, low: correlation, high: correlation };
  const reach = normalQuantile(confidence) * Math.sqrt((1 + correlation ** 2 / 2) / (a.length - 3));
  const z = Math.atanh(correlation);
  return { correlation, low: Math.tanh(z - reach), high: Math.tanh(z + reach) };
}

/** Twice each value's rank minus the mean rank: integers, so that their products are exact. */
function centeredRanks(values: Float64Array): Float64Array {
  const order = Uint32Array.from(values, (_, i) => i).sort((i, j) => values[i]! - values[j]!);
  const ranks = new Float64Array(values.length);
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (const item of order.subarray(start, end)) ranks[item] = start + end - order.length;
  }
  return ranks;
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
