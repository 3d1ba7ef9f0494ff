/** Within these, squares and their sums neither overflow nor underflow, in float32 and float64. */
const [LEAST, LARGEST] = [2 ** -30, 2 ** 30];

/**
 * The exponent e, an even number, for which numbers up to `largest` in size are best divided by 2^e before they are
 * squared and summed: 0 from 2^-30 to 2^30, else such that the largest becomes a number from 1 to 4.
 *
 * A division by a power of two is exact unless the result underflows, that is, is 1e-38 (float32) or 1e-308 (float64)
 * of the largest. TensorFlow counts numbers below 1e-38 and 1e-308, those that IEEE 754 calls subnormal, as zero.
 */
export function exponentOf(largest: number): number {
  if (largest === 0 || !Number.isFinite(largest) || (largest >= LEAST && largest <= LARGEST)) return 0;
  return 2 * Math.floor(Math.log2(largest) / 2);
}

/** x · 2^exponent, rounded once; the exponent is from −2200 to 2200. */
export function timesPowerOfTwo(x: number, exponent: number): number {
  const third = Math.trunc(exponent / 3);
  return x * 2 ** third * 2 ** third * 2 ** (exponent - 2 * third);
}

/** The same for several numbers: a copy, or the numbers themselves where the exponent is 0. */
export function allTimesPowerOfTwo<Values extends Float32Array | Float64Array>(
  values: Values,
  exponent: number,
): Values {
  if (exponent === 0) return values;
  return values.map((value) => timesPowerOfTwo(value, exponent)) as Values;
}

/** The largest size of a number; NaN where one is not finite. */
export function largestOf(values: Float32Array | Float64Array): number {
  let largest = 0;
  // A plain loop: `reduce` takes ten times as long.
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!);
    if (!(size <= Number.MAX_VALUE)) return Number.NaN;
    if (size > largest) largest = size;
  }
  return largest;
}
