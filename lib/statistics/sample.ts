/**
 * A copy of a sample.
 *
 * @param caller The function that was given the sample, and `name` that of its argument: for the error.
 * @throws RangeError for fewer than `least` numbers, or one that is not finite.
 */
export function finiteSample(
  caller: string,
  name: string,
  values: ArrayLike<number>,
  least: number,
): Float64Array {
  if (!(values?.length >= least)) {
    throw new RangeError(
      `${caller}: expected ${name} to hold at least ${least} numbers, got ${values?.length}`,
    );
  }
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new RangeError(`${caller}: expected finite numbers, got ${name}[${i}] = ${values[i]}`);
    }
  }
  return Float64Array.from(values);
}

/** @throws RangeError for samples of different lengths. */
export function requirePairs(caller: string, x: ArrayLike<number>, y: ArrayLike<number>): void {
  if (x?.length !== y?.length) {
    throw new RangeError(`${caller}: expected as many values in both, got ${x?.length} and ${y?.length}`);
  }
}

/**
 * A power of two near the largest magnitude, 1 where all numbers are 0. Division by it rounds nothing, and the squares
 * and sums of the quotients neither overflow nor vanish.
 */
export function binaryScale(values: Iterable<number>): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest === 0 ? 1 : 2 ** Math.min(Math.floor(Math.log2(largest)), 1023);
}

/** The mean, to which the mean of the residuals is added: so that of equal numbers is that number. */
export function mean(values: Float64Array): number {
  const rounded = sum(values) / values.length;
  return rounded + sum(values.map((value) => value - rounded)) / values.length;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
