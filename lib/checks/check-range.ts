/** The intervals that `requireNumber` knows, in the notation of mathematics: a round bracket leaves its end out. */
const intervals = {
  "(0, 1)": (value: number) => value > 0 && value < 1,
  "(0, 1]": (value: number) => value > 0 && value <= 1,
  "[0, 1]": (value: number) => value >= 0 && value <= 1,
  "(0, ∞)": (value: number) => value > 0 && value < Infinity,
  "[0, ∞)": (value: number) => value >= 0 && value < Infinity,
  "(0, ∞]": (value: number) => value > 0,
  "[0, ∞]": (value: number) => value >= 0,
};

/**
 * Refuses anything but a number of an interval.
 *
 * @param name The number's name in the error, such as "energyRank: fraction".
 * @throws RangeError where the number lies outside the interval, for NaN, and for what is not a number.
 */
export function requireNumber(name: string, value: unknown, interval: keyof typeof intervals): void {
  if (typeof value === "number" && intervals[interval](value)) return;
  throw new RangeError(`${name} is ${value}, expected a number in ${interval}`);
}

/**
 * Refuses anything but an integer of a range.
 *
 * @param name The integer's name in the error, such as "networkRank: layers".
 * @param least The smallest integer allowed.
 * @param most The largest integer allowed. Default: the largest that a number represents exactly, 2⁵³ − 1.
 * @throws RangeError where the integer lies outside the range, and for what is not an integer.
 */
export function requireInteger(
  name: string,
  value: unknown,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): void {
  if (isIntegerFrom(value, least) && value <= most) return;
  const expected = most === Number.MAX_SAFE_INTEGER ? `≥ ${least}` : `from ${least} to ${most}`;
  throw new RangeError(`${name} is ${value}, expected an integer ${expected}`);
}

/**
 * Refuses anything but a list of integers, such as a shape.
 *
 * @param name The list's name in the error, such as "MLP: sizes".
 * @param expected The list that is expected, as the error ends: "two or more integers ≥ 1".
 * @param options.least The smallest integer allowed.
 * @param options.length The number of integers; by default, any number from `atLeast`.
 * @param options.atLeast The smallest number of integers. Default: 0.
 * @throws RangeError for another number of integers, for one that is too small, and for what is not an integer.
 */
export function requireIntegers(
  name: string,
  values: readonly unknown[],
  expected: string,
  { least, length, atLeast = 0 }: { least: number; length?: number; atLeast?: number },
): void {
  const counts = length === undefined ? values.length >= atLeast : values.length === length;
  if (counts && values.every((value) => isIntegerFrom(value, least))) return;
  throw new RangeError(`${name} is [${values.join(", ")}], expected ${expected}`);
}

function isIntegerFrom(value: unknown, least: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least;
}
