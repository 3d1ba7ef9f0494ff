import { inspect } from "node:util";
import type { MimeBundle } from "../link/messages";

/** What an object implements to be displayed as a MIME bundle, as in Deno's Jupyter kernel. */
const jupyterDisplay = Symbol.for("Jupyter.display");

/**
 * How a value is shown: by its own `[Symbol.for("Jupyter.display")]()` where it has one, as in Deno's kernel, else
 * as text. Binary representations become base64.
 */
export async function bundleOf(value: unknown): Promise<MimeBundle> {
  const show = (value as { [jupyterDisplay]?: unknown } | null)?.[jupyterDisplay];
  if (typeof show !== "function") return { "text/plain": inspect(value, { colors: false }) };
  const bundle: unknown = await show.call(value);
  if (typeof bundle !== "object" || bundle === null) {
    throw new TypeError(
      `[Symbol.for("Jupyter.display")]() returned ${inspect(bundle)}; expected a MIME bundle`,
    );
  }
  return encode(bundle as MimeBundle);
}

export function encode(bundle: MimeBundle): MimeBundle {
  return Object.fromEntries(Object.entries(bundle).map(([type, value]) => [type, encoded(value)]));
}

function encoded(value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
}
