import { type InspectOptions, inspect } from "node:util";

/** The maximum length of an error message or a value in a traceback, in UTF-16 units. */
const LONGEST = 10_000;

/**
 * Returns the result of `read`, or `otherwise` if it throws: a value that a cell throws may throw again when it is
 * read.
 */
export function attempt<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

/** `util.inspect`, or a sentence saying that the value cannot be inspected. */
export function inspectSafely(value: unknown, options: InspectOptions = {}): string {
  try {
    return String(inspect(value, { colors: false, ...options }));
  } catch (error) {
    return `[a value whose inspection throws: ${messageOf(error)}]`;
  }
}

/** Returns the message of an error as text, even if it is not a string or its getter throws. */
export function messageOf(error: unknown): string {
  const read = (from: unknown) => textOf((from as { message?: unknown }).message);
  try {
    return read(error);
  } catch (thrown) {
    return `(reading the message throws: ${attempt(() => read(thrown), "no message")})`;
  }
}

/** Returns a string unchanged, nothing for a missing value, and anything else as Node prints it. */
function textOf(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : inspectSafely(value);
}

/** Returns the text, or its beginning and the number of characters that were omitted. */
export function capped(text: string, longest = LONGEST): string {
  if (text.length <= longest) return text;
  const start = text.slice(0, longest).replace(/[\ud800-\udbff]$/, "");
  return `${start}… (${(text.length - start.length).toLocaleString("en")} more characters)`;
}
