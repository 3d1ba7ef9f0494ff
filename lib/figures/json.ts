import { printable } from "../display/printable";

/** A JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const DIGITS = 6;

/**
 * Copies a value to plain JSON: typed arrays become arrays, NaN and infinities become null, which Plotly draws as gaps,
 * undefined properties are omitted, and text is made {@link printable}.
 *
 * @throws TypeError for a value that JSON cannot represent, such as a BigInt or a cycle.
 */
export function plainJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value, (_key, item) => plain(item)));
}

function plain(item: unknown): unknown {
  if (typeof item === "string") return printable(item);
  return isTypedArray(item) ? Array.from(item) : item;
}

function isTypedArray(value: unknown): value is Float64Array {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/**
 * Copies a value with the numbers in its arrays rounded, to keep notebooks small. Integers, and numbers outside arrays,
 * stay exact; other numbers keep 6 significant digits and one more for each factor of 10 by which the array's range is
 * smaller than its largest magnitude, so that a curve between 1.39847509 and 1.39847512 keeps its shape.
 */
export function roundArrays(value: Json): Json {
  if (Array.isArray(value)) {
    return value.every(isNumberOrGap) ? roundNumbers(value) : value.map(roundArrays);
  }
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, roundArrays(item)]));
}

function isNumberOrGap(value: Json): value is number | null {
  return value === null || typeof value === "number";
}

function roundNumbers(values: (number | null)[]): (number | null)[] {
  const digits = significantDigits(extent(values));
  return values.map((value) =>
    value === null || Number.isInteger(value) ? value : Number(value.toPrecision(digits)),
  );
}

function significantDigits(range: [number, number] | undefined): number {
  if (!range) return DIGITS;
  const [least, greatest] = range;
  const largest = Math.max(Math.abs(least), Math.abs(greatest));
  const lost = greatest > least ? Math.round(Math.log10(largest / (greatest - least))) : 0;
  return Math.min(DIGITS + Math.max(lost, 0), 17);
}

/** The least and the greatest finite number of an array with gaps; undefined if it has none. */
export function extent(values: Iterable<number | null>): [number, number] | undefined {
  let range: [number, number] | undefined;
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    range = range ? [Math.min(range[0], value), Math.max(range[1], value)] : [value, value];
  }
  return range;
}
