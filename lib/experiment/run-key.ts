import { createHash } from "node:crypto";
import type { Config, SharedSettings } from "./config";

/** The part of a run's identity that all configurations of an experiment share. */
export interface ExperimentKey<S extends SharedSettings = SharedSettings> {
  /** The notebook it belongs to, such as `03-zero-initialization`. */
  notebook: string;
  /** Bump when a change of the code makes the same configuration train differently. */
  version: number;
  /**
   * Digests of the data, such as `mnist.sha256`, so that other data are not taken for the same. Default: none, for data
   * that never change.
   */
  data?: readonly string[];
  /** The settings that all configurations have in common, such as the batch size: all parameters a training is handed. */
  settings: S;
}

/**
 * The hash under which a run is recorded and found again: 16 hexadecimal digits of the SHA-256 of its configuration,
 * its experiment and the digests of its data.
 *
 * The order of names does not matter, and a field that is undefined counts as absent. All other values differ from
 * each other, also NaN, the infinities, -0, null and the text "null".
 *
 * @throws TypeError for a value that a key cannot represent, such as an object or undefined in a list, with its place
 */
export function keyOf(config: Config, experiment: ExperimentKey): string {
  const { notebook, version, data = [], settings } = experiment;
  const parts = [
    notebook,
    encoded(version, "version"),
    data,
    entriesOf(settings, "settings"),
    entriesOf(config, "config"),
  ];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

type Encoded = string | number | boolean | null | { number: string } | Encoded[];

function entriesOf(values: Record<string, unknown>, place: string): [string, Encoded][] {
  const prototype = Object.getPrototypeOf(values);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new TypeError(`${place} is a ${values.constructor.name}; expected a plain object`);
  }
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => [name, encoded(value, `${place}.${name}`)]);
}

/** A value as JSON keeps it apart from all others. No configuration holds objects, so that none looks like a number's. */
function encoded(value: unknown, place: string): Encoded {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") {
    if (Object.is(value, -0)) return { number: "-0" };
    return Number.isFinite(value) ? value : { number: String(value) };
  }
  if (Array.isArray(value)) return Array.from(value, (item, i) => encoded(item, `${place}[${i}]`));
  const kind = typeof value === "object" ? value.constructor?.name : typeof value;
  throw new TypeError(`${place} is ${kind}; expected a number, a text, a boolean, null or a list of these`);
}
