import { requireNumber } from "../checks/check-range";
import { studentQuantile } from "./quantile";
import { binaryScale, finiteSample, mean, requirePairs } from "./sample";

/** A mean and its confidence interval. */
export interface Interval {
  mean: number;
  low: number;
  high: number;
}

/**
 * The mean of a sample with Student's t confidence interval: `scipy.stats.ttest_1samp(values,
 * 0).confidence_interval()`.
 *
 * The interval of equal values is their common value. Departure from SciPy: intermediate results neither overflow nor
 * underflow at any scale of the sample; an end is infinite only if it exceeds the range of float64.
 *
 * @param values At least two finite numbers, assumed to be normally distributed.
 * @param confidence The probability that the interval covers the distribution's mean, in (0, 1). Default: 0.95.
 * @throws RangeError for fewer than two values, one that is not finite, or another confidence.
 */
export function meanInterval(values: ArrayLike<number>, confidence = 0.95): Interval {
  requireNumber("meanInterval: confidence", confidence, "(0, 1)");
  return scaledInterval(finiteSample("meanInterval", "values", values, 2), 1, confidence);
}

/**
 * The mean of the differences a − b of paired samples with Student's t confidence interval:
 * `scipy.stats.ttest_rel(a, b).confidence_interval()`.
 *
 * @param a At least two finite numbers.
 * @param b As many finite numbers.
 * @param confidence The probability that the interval covers the true mean difference, in (0, 1). Default: 0.95.
 * @throws RangeError for samples of different lengths or fewer than two values, one that is not finite, or another
 *   confidence.
 */
export function pairedDifference(a: ArrayLike<number>, b: ArrayLike<number>, confidence = 0.95): Interval {
  requireNumber("pairedDifference: confidence", confidence, "(0, 1)");
  requirePairs("pairedDifference", a, b);
  const [x, y] = [finiteSample("pairedDifference", "a", a, 2), finiteSample("pairedDifference", "b", b, 2)];
  const scale = Math.max(binaryScale(x), binaryScale(y));
  return scaledInterval(
    x.map((value, i) => value / scale - y[i]! / scale),
    scale,
    confidence,
  );
}

/** The interval of the values multiplied by `factor`. */
function scaledInterval(values: Float64Array, factor: number, confidence: number): Interval {
  const own = binaryScale(values);
  const scaled = values.map((value) => value / own);
  const center = mean(scaled);
  const variance = scaled.reduce((sum, value) => sum + (value - center) ** 2, 0) / (scaled.length - 1);
  const reach = studentQuantile(confidence, scaled.length - 1) * Math.sqrt(variance / scaled.length);
  const scale = own * factor;
  return { mean: center * scale, low: (center - reach) * scale, high: (center + reach) * scale };
}
