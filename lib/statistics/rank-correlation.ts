import { jstat } from "./jstat";

/** A correlation and the interval that holds the true one. */
export interface Correlation {
  correlation: number;
  low: number;
  high: number;
}

/**
 * Spearman's rank correlation, ties sharing their ranks: `scipy.stats.spearmanr(x, y).statistic`. The interval is
 * Bonett & Wright's (2000): Fisher's z with a variance of (1 + r²/2) / (n − 3).
 *
 * @param x At least four numbers, not all equal; `y` as many.
 * @param confidence The chance that the interval holds the true correlation. Default: 0.95.
 * @throws RangeError for fewer numbers, one that is not finite, samples of different lengths or of equal numbers only.
 */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>, confidence = 0.95): Correlation {
  const samples = [Array.from(x), Array.from(y)] as const;
  if (x.length !== y.length || x.length < 4 || !samples.flat().every(Number.isFinite)) {
    throw new RangeError(
      `spearman: expected two samples of four or more finite numbers, got ${x.length} and ${y.length}`,
    );
  }
  if (samples.some((sample) => new Set(sample).size === 1)) {
    throw new RangeError("spearman: expected samples that vary, got one of equal numbers");
  }
  const correlation = jstat().spearmancoeff(...samples);
  const quantile = jstat().normal.inv((1 + confidence) / 2, 0, 1);
  const reach = quantile * Math.sqrt((1 + correlation ** 2 / 2) / (x.length - 3));
  const z = Math.atanh(correlation);
  return { correlation, low: Math.tanh(z - reach), high: Math.tanh(z + reach) };
}
