/** The magnitudes between which squares and their sums neither overflow nor underflow in float32 and float64. */
const [LEAST, LARGEST] = [2 ** -30, 2 ** 30];

/**
 * The even exponent e such that numbers of magnitude up to `largest` can be squared and summed after division by 2^e: 0
 * if `largest` is in [2^-30, 2^30], else such that `largest` becomes a number in [1, 4).
 *
 * Division by a power of two is exact unless the result underflows, that is, is below 1e-38 (float32) or 1e-308
 * (float64) of the largest. TensorFlow flushes such subnormal numbers to zero.
 */
export function exponentOf(largest: number): number {
  if (largest === 0 || !Number.isFinite(largest) || (largest >= LEAST && largest <= LARGEST)) return 0;
  return 2 * Math.floor(Math.log2(largest) / 2);
}

/** Computes x · 2^exponent, rounded once, for an exponent in [−2200, 2200]. */
export function timesPowerOfTwo(x: number, exponent: number): number {
  const third = Math.trunc(exponent / 3);
  return x * 2 ** third * 2 ** third * 2 ** (exponent - 2 * third);
}

/** Multiplies numbers by 2^exponent; returns a copy, or the array itself if the exponent is 0. */
export function allTimesPowerOfTwo<Values extends Float32Array | Float64Array>(
  values: Values,
  exponent: number,
): Values {
  if (exponent === 0) return values;
  return values.map((value) => timesPowerOfTwo(value, exponent)) as Values;
}

/** The largest magnitude; NaN if a number is not finite. */
export function largestOf(values: Float32Array | Float64Array): number {
  let largest = 0;
  // A plain loop is ten times as fast as `reduce`.
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!);
    if (!(size <= Number.MAX_VALUE)) return Number.NaN;
    if (size > largest) largest = size;
  }
  return largest;
}
