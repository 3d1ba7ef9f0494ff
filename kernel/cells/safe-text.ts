import { type InspectOptions, inspect } from "node:util";

/** The longest text of one error message or one value in a traceback, in UTF-16 units. */
const LONGEST = 10_000;

/** The result of `read`, or `otherwise` where it throws: whatever a cell throws may throw again when it is read. */
export function attempt<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

/** `util.inspect`, or a sentence that says so where the value cannot be inspected. */
export function inspectSafely(value: unknown, options: InspectOptions = {}): string {
  try {
    return String(inspect(value, { colors: false, ...options }));
  } catch (error) {
    return `[a value whose inspection throws: ${messageOf(error)}]`;
  }
}

/** The message of an error as text, also where it is no string, or where its getter throws. */
export function messageOf(error: unknown): string {
  const read = (from: unknown) => textOf((from as { message?: unknown }).message);
  try {
    return read(error);
  } catch (thrown) {
    return `(reading the message throws: ${attempt(() => read(thrown), "no message")})`;
  }
}

/** A string as it is, a missing value as nothing, anything else as Node prints it. */
function textOf(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : inspectSafely(value);
}

/** The text itself, or its start and how much was left out. */
export function capped(text: string, longest = LONGEST): string {
  if (text.length <= longest) return text;
  const start = text.slice(0, longest).replace(/[\ud800-\udbff]$/, "");
  return `${start}… (${(text.length - start.length).toLocaleString("en")} more characters)`;
}
