import { jstat } from "./jstat";

/** A mean and the interval that holds the true one. */
export interface Interval {
  mean: number;
  low: number;
  high: number;
}

/**
 * The mean of a sample with Student's confidence interval: `scipy.stats.ttest_1samp(values, 0).confidence_interval()`.
 *
 * @param values At least two, from a normal distribution.
 * @param confidence The chance that the interval holds the distribution's mean. Default: 0.95.
 * @throws RangeError for fewer values, one that is not finite, or a confidence that is not between 0 and 1.
 */
export function meanInterval(values: ArrayLike<number>, confidence = 0.95): Interval {
  const sample = Array.from(values);
  if (sample.length < 2 || !sample.every(Number.isFinite)) {
    throw new RangeError(`meanInterval: expected two or more finite numbers, got [${sample.join(", ")}]`);
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(`meanInterval: expected a confidence between 0 and 1, got ${confidence}`);
  }
  const mean = sample.reduce((sum, value) => sum + value, 0) / sample.length;
  const variance = sample.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (sample.length - 1);
  const reach =
    jstat().studentt.inv((1 + confidence) / 2, sample.length - 1) * Math.sqrt(variance / sample.length);
  return { mean, low: mean - reach, high: mean + reach };
}

/**
 * The mean difference of paired samples, `a` less `b`, with Student's confidence interval:
 * `scipy.stats.ttest_rel(a, b).confidence_interval()`.
 *
 * @throws RangeError for samples of different lengths, and as `meanInterval`.
 */
export function pairedDifference(a: ArrayLike<number>, b: ArrayLike<number>, confidence = 0.95): Interval {
  if (a.length !== b.length) {
    throw new RangeError(
      `pairedDifference: expected as many values in both, got ${a.length} and ${b.length}`,
    );
  }
  return meanInterval(
    Array.from(a, (value, i) => value - b[i]!),
    confidence,
  );
}
