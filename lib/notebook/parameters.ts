import type { ParameterValue } from "../experiment/config";
import { parseOverrides } from "./overrides";

export const PROFILES = ["full", "quick", "smoke"] as const;
/**
 * The size of a notebook's run: `full` is the original's setting, `quick` takes at most two minutes, `smoke` only shows
 * that all runs.
 */
export type Profile = (typeof PROFILES)[number];

/**
 * The types that parameters may be changed to: a boolean where the value is `false`, any list where it is empty. A union
 * of texts that the author states, such as `"dense" as ProjectionKind`, stays as it is.
 */
export type Widened<T> = {
  [K in keyof T]: T[K] extends never[]
    ? number[] | string[] | boolean[]
    : T[K] extends boolean
      ? boolean
      : T[K] extends number
        ? number
        : T[K] extends boolean[]
          ? boolean[]
          : T[K] extends number[]
            ? number[]
            : T[K];
};

/** The hyper-parameters of a notebook, which can be overridden by name. */
export type Parameters<T> = T & {
  /** Overrides by name; papermill's injected cell calls it. An unknown name or a wrong type changes nothing. */
  set(overrides: Partial<T>): void;
};

/** The profile that `WEIGHTSPACE_PROFILE` names, full by default. */
export function profile(): Profile {
  const name = process.env["WEIGHTSPACE_PROFILE"] || "full";
  const found = PROFILES.find((known) => known === name);
  if (!found) throw new Error(`WEIGHTSPACE_PROFILE is "${name}"; expected ${PROFILES.join(", ")}`);
  return found;
}

/**
 * A notebook's hyper-parameters: the original's values, then the profile's, then those of `WEIGHTSPACE_SET`
 * (`steps=100,rate=0.5`, or a JSON object), then those of `set`.
 *
 * @param values Every parameter with the original's value. They have no derived values among them, which an override
 *   would not change.
 * @param overrides What the shorter profiles change.
 * @throws Error for an unknown name; TypeError for a value of another type, for NaN, an infinity or null
 * @example
 * const params = parameters({ steps: 10000, rate: 10 }, { smoke: { steps: 200 } });
 */
export function parameters<T extends Record<string, ParameterValue>>(
  values: T,
  overrides: Partial<Record<Exclude<Profile, "full">, Partial<Widened<T>>>> = {},
): Parameters<Widened<T>> {
  if (Object.hasOwn(values, "set")) throw new Error('a parameter cannot be called "set"');
  const params = { ...values };
  const set = (changes: object) => {
    for (const [name, value] of Object.entries(changes)) check(values, name, value);
    Object.assign(params, changes);
  };
  Object.defineProperty(params, "set", { value: set });
  const current = profile();
  if (current !== "full") set(overrides[current] ?? {});
  set(parseOverrides(process.env["WEIGHTSPACE_SET"] ?? ""));
  return params as unknown as Parameters<Widened<T>>;
}

function check(values: Record<string, ParameterValue>, name: string, value: unknown): void {
  const known = Object.hasOwn(values, name) ? values[name] : undefined;
  const list = Object.entries(values).map(([key, each]) => `${key} (${typeOf(each)})`);
  if (known === undefined) throw new Error(`unknown parameter "${name}"; there are ${list.join(", ")}`);
  if (!isLike(known, value)) {
    const got = `got ${shown(value)} (${typeOf(value)})`;
    throw new TypeError(
      `parameter "${name}": expected a ${typeOf(known)}, ${got}; there are ${list.join(", ")}`,
    );
  }
}

/** Whether a value is of the type of another; an empty list is of every type of list. */
function isLike(known: ParameterValue, value: unknown): boolean {
  if (Array.isArray(known) && Array.isArray(value)) {
    if (value.length === 0) return true;
    const isOneType = value.every(isScalar) && new Set(value.map((item) => typeof item)).size === 1;
    return isOneType && (known.length === 0 || typeOf(known) === typeOf(value));
  }
  return isScalar(value) && typeof value === typeof known;
}

/** Whether a value is a text, a boolean or a finite number. */
function isScalar(value: unknown): boolean {
  return typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
}

/** Such as `number` or `list of numbers`. */
function typeOf(value: unknown): string {
  if (Array.isArray(value)) {
    const types = [...new Set(Array.from(value, typeOf))];
    return types.length === 1 ? `list of ${types[0]}s` : `list of ${types.join(" or ") || "nothing"}`;
  }
  if (value === null) return "null";
  if (Number.isNaN(value)) return "NaN";
  return value === Infinity || value === -Infinity ? "infinite number" : typeof value;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${Array.from(value, shown).join(", ")}]`;
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
