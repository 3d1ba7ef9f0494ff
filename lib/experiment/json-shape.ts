/** @throws TypeError unless a value read from JSON is an object. */
export function objectAt(value: unknown, place: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw wrong(value, place, "an object");
  }
  return value as Record<string, unknown>;
}

/** @throws TypeError unless a value read from JSON is a list. */
export function listAt(value: unknown, place: string): unknown[] {
  if (!Array.isArray(value)) throw wrong(value, place, "a list");
  return value;
}

/** @throws TypeError unless a value read from JSON is a text. */
export function textAt(value: unknown, place: string): asserts value is string {
  if (typeof value !== "string") throw wrong(value, place, "a text");
}

/** @throws TypeError unless a value read from JSON is a finite number. */
export function finiteAt(value: unknown, place: string): asserts value is number {
  if (!Number.isFinite(value)) throw wrong(value, place, "a finite number");
}

/** The error for a value that is not of the expected shape; it names the place of the value in the file. */
export function wrong(value: unknown, place: string, expected: string): TypeError {
  const shown = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
  const short = shown.length > 60 ? `${shown.slice(0, 60)}…` : shown;
  return new TypeError(`${place} is ${short}, expected ${expected}`);
}
