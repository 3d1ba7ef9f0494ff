import type { Interval } from "./mean-interval";
import type { Correlation } from "./rank-correlation";

/**
 * Formats a mean or a correlation with its interval: "0.61 (-0.41 to 1.63)".
 *
 * @param interval A result of `meanInterval`, `pairedDifference` or `spearman`.
 * @param decimals The number of decimals, an integer in [0, 100]. Default: 2.
 * @throws RangeError for another number of decimals.
 */
export function intervalText(interval: Interval | Correlation, decimals = 2): string {
  const center = "mean" in interval ? interval.mean : interval.correlation;
  const [text, low, high] = [center, interval.low, interval.high].map((value) => value.toFixed(decimals));
  return `${text} (${low} to ${high})`;
}
