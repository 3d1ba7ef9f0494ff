import { types } from "node:util";
import type { MimeBundle } from "../link/messages";
import { attempt, inspectSafely, messageOf } from "./safe-text";

/** The method that an object implements to be displayed as a MIME bundle, as in Deno's Jupyter kernel. */
const jupyterDisplay = Symbol.for("Jupyter.display");

/** The number of characters of a value that an error message shows. */
const SHOWN = 80;

/**
 * Returns a value's MIME bundle: from its own `[Symbol.for("Jupyter.display")]()` if it has one, as in Deno's kernel,
 * otherwise its text.
 *
 * @throws TypeError if the result is not a MIME bundle, and whatever the method throws.
 */
export async function bundleOf(value: unknown): Promise<MimeBundle> {
  const show = displayMethod(value);
  if (!show) return { "text/plain": inspectSafely(value) };
  return encode(await show.call(value), `what [Symbol.for("Jupyter.display")]() returned`);
}

/** Reading a value may throw, as reading a revoked Proxy does; the value is then shown as text. */
function displayMethod(value: unknown): (() => unknown) | undefined {
  try {
    const method = (value as { [jupyterDisplay]?: unknown } | null | undefined)?.[jupyterDisplay];
    return typeof method === "function" ? (method as () => unknown) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Converts a bundle to the form that notebooks store, in which JSON types hold any JSON value and all other types a
 * string (https://nbformat.readthedocs.io/en/latest/format_description.html#display-data). Bytes become base64, or
 * text under text types; arrays of strings are joined; numbers, bigints and booleans are written out; undefined
 * values are omitted.
 *
 * @param origin Describes the bundle in error messages.
 * @throws TypeError that names the MIME type, for any other value.
 */
export function encode(bundle: unknown, origin = "the displayed bundle"): MimeBundle {
  if (typeof bundle !== "object" || bundle === null || Array.isArray(bundle)) {
    throw new TypeError(`${origin} is ${shown(bundle)}; expected an object with a value for each MIME type`);
  }
  const entries = Object.entries(bundle).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([type, value]) => [
      type,
      isJson(type) ? json(type, value, origin) : text(type, value, origin),
    ]),
  );
}

/** nbformat's own pattern for the types that hold any JSON value. */
const isJson = (type: string) => /^application\/(.*\+)?json$/.test(type);

const isText = (type: string) =>
  /^text\/|[/+]xml$|^application\/(javascript|ecmascript|typescript|x-latex)$/.test(type);

/** Copies a value to plain data that does not change with the original. */
function json(type: string, value: unknown, origin: string): unknown {
  let written: string | undefined;
  try {
    written = JSON.stringify(value);
  } catch (error) {
    throw new TypeError(`${origin} holds under "${type}" what is no JSON: ${messageOf(error)}`);
  }
  if (written === undefined)
    throw new TypeError(`${origin} holds ${shown(value)} under "${type}"; expected a JSON value`);
  return JSON.parse(written);
}

function text(type: string, value: unknown, origin: string): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean")
    return String(value);
  if (attempt(() => isLines(value), false)) return (value as string[]).join("");
  const bytes = bytesOf(value);
  if (bytes) return bytes.toString(isText(type) ? "utf8" : "base64");
  const expected = isText(type) ? "a string" : "a string in base64 or bytes";
  throw new TypeError(`${origin} holds ${shown(value)} under "${type}"; expected ${expected}`);
}

const isLines = (value: unknown) => Array.isArray(value) && value.every((line) => typeof line === "string");

function bytesOf(value: unknown): Buffer | undefined {
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return types.isAnyArrayBuffer(value) ? Buffer.from(value) : undefined;
}

function shown(value: unknown): string {
  const written = inspectSafely(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY });
  return written.length > SHOWN ? `${written.slice(0, SHOWN)}…` : written;
}
