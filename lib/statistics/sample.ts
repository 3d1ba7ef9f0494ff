/**
 * Copies a sample after checking it.
 *
 * @param caller The name of the function with which errors begin.
 * @param name The name of the sample in errors.
 * @param least The smallest allowed number of values.
 * @throws RangeError for fewer values, or one that is not finite.
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

/**
 * Checks that paired samples have equal lengths.
 *
 * @param caller The name of the function with which the error begins.
 * @throws RangeError for samples of different lengths.
 */
export function requirePairs(caller: string, x: ArrayLike<number>, y: ArrayLike<number>): void {
  if (x?.length !== y?.length) {
    throw new RangeError(`${caller}: expected samples of equal length, got ${x?.length} and ${y?.length}`);
  }
}

/**
 * A power of two near the largest magnitude, or 1 if all numbers are 0. Division by it is exact, and squares and sums
 * of the quotients neither overflow nor underflow.
 */
export function binaryScale(values: Iterable<number>): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest === 0 ? 1 : 2 ** Math.min(Math.floor(Math.log2(largest)), 1023);
}

/** The mean, corrected by the mean of the residuals, so that the mean of equal numbers is exactly that number. */
export function mean(values: Float64Array): number {
  const rounded = sum(values) / values.length;
  return rounded + sum(values.map((value) => value - rounded)) / values.length;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
