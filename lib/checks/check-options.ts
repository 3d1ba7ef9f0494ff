/**
 * Refuses options that would be ignored.
 *
 * @param caller What was given the options, for the error.
 * @param known The names of all its options.
 * @throws Error for options that are not an object, or for one that is not known, with those that are.
 */
export function checkOptions(caller: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new Error(`${caller}: expected an object of options, such as { ${known[0]}: … }, got ${options}`);
  }
  const unknown = Object.keys(options).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(`${caller} has no option ${unknown.join(", ")}, expected some of ${known.join(", ")}`);
  }
}

/** @throws Error unless an option is true or false. */
export function requireBoolean(name: string, value: unknown): void {
  if (typeof value !== "boolean") throw new Error(`${name} is ${value}, expected true or false`);
}

/** @throws Error unless an option is a finite number from 0. */
export function requireNonNegative(name: string, value: unknown): void {
  if (!(Number.isFinite(value) && (value as number) >= 0)) {
    throw new Error(`${name} is ${value}, expected a finite number from 0`);
  }
}
