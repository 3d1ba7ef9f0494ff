import { requireNumber } from "../checks/check-range";
import { studentQuantile } from "./quantile";
import { binaryScale, finiteSample, mean, requirePairs } from "./sample";

/** A mean and the interval that holds the true one. */
export interface Interval {
  mean: number;
  low: number;
  high: number;
}

/**
 * The mean of a sample with Student's confidence interval: `scipy.stats.ttest_1samp(values, 0).confidence_interval()`.
 *
 * The interval of equal values is their value. Departure from SciPy: samples of any scale have their interval, whose
 * ends are infinite only where they exceed the range of numbers.
 *
 * @param values At least two, from a normal distribution.
 * @param confidence The chance that the interval holds the distribution's mean. Default: 0.95.
 * @throws RangeError for fewer values, one that is not finite, or a confidence that is not between 0 and 1.
 */
export function meanInterval(values: ArrayLike<number>, confidence = 0.95): Interval {
  requireNumber("meanInterval: confidence", confidence, "(0, 1)");
  return scaledInterval(finiteSample("meanInterval", "values", values, 2), 1, confidence);
}

/**
 * The mean difference of paired samples, `a` less `b`, with Student's confidence interval:
 * `scipy.stats.ttest_rel(a, b).confidence_interval()`.
 *
 * @throws RangeError for samples of different lengths, and as `meanInterval`.
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

/** The interval of the values times `factor`. */
function scaledInterval(values: Float64Array, factor: number, confidence: number): Interval {
  const own = binaryScale(values);
  const scaled = values.map((value) => value / own);
  const center = mean(scaled);
  const variance = scaled.reduce((sum, value) => sum + (value - center) ** 2, 0) / (scaled.length - 1);
  const reach = studentQuantile(confidence, scaled.length - 1) * Math.sqrt(variance / scaled.length);
  const scale = own * factor;
  return { mean: center * scale, low: (center - reach) * scale, high: (center + reach) * scale };
}
