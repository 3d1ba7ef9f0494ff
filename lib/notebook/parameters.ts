/** A hyper-parameter: a number, a text, a flag, or a list of one of these. */
export type ParameterValue = number | string | boolean | number[] | string[] | boolean[];

export const profiles = ["full", "quick", "smoke"] as const;
/** `full` is the original's setting, `quick` takes at most two minutes, `smoke` only shows that all runs. */
export type Profile = (typeof profiles)[number];

export type Parameters<T> = T & {
  /** Overrides by name; papermill's injected cell calls it. An unknown name or a wrong type changes nothing. */
  set(overrides: Partial<T>): void;
};

/** The profile that `WEIGHTSPACE_PROFILE` names, full by default. */
export function profile(): Profile {
  const name = process.env["WEIGHTSPACE_PROFILE"] || "full";
  const found = profiles.find((known) => known === name);
  if (!found) throw new Error(`WEIGHTSPACE_PROFILE is "${name}"; expected ${profiles.join(", ")}`);
  return found;
}

/**
 * A notebook's hyper-parameters: the original's values, then the profile's, then those of `WEIGHTSPACE_SET`
 * (`steps=100,rate=0.5`, or a JSON object), then those of `set`.
 *
 * @param values Every parameter with the original's value.
 * @param overrides What the shorter profiles change.
 * @example
 * const params = parameters({ steps: 10000, rate: 10 }, { smoke: { steps: 200 } });
 */
export function parameters<T extends Record<string, ParameterValue>>(
  values: T,
  overrides: Partial<Record<Exclude<Profile, "full">, Partial<T>>> = {},
): Parameters<T> {
  const params = { ...values };
  const set = (changes: Partial<T>) => {
    for (const [name, value] of Object.entries(changes)) check(values, name, value);
    Object.assign(params, changes);
  };
  Object.defineProperty(params, "set", { value: set });
  const current = profile();
  if (current !== "full") set(overrides[current] ?? {});
  set(parseOverrides(process.env["WEIGHTSPACE_SET"] ?? "") as Partial<T>);
  return params as Parameters<T>;
}

function check(values: Record<string, ParameterValue>, name: string, value: unknown): void {
  const known = values[name];
  if (known === undefined) {
    const list = Object.entries(values).map(([key, each]) => `${key} (${typeOf(each)})`);
    throw new Error(`unknown parameter "${name}"; there are ${list.join(", ")}`);
  }
  const isEmptyList = Array.isArray(known) && Array.isArray(value) && value.length === 0;
  if (typeOf(value) !== typeOf(known) && !isEmptyList) {
    const shown = JSON.stringify(value) ?? String(value);
    throw new TypeError(`parameter "${name}" is a ${typeOf(known)}, got ${shown} (${typeOf(value)})`);
  }
}

/** Such as `number` or `list of numbers`. */
function typeOf(value: unknown): string {
  if (!Array.isArray(value)) return Number.isNaN(value) ? "NaN" : typeof value;
  const types = [...new Set(value.map(typeOf))];
  return types.length === 1 ? `list of ${types[0]}s` : `list of ${types.join(" or ") || "nothing"}`;
}

function parseOverrides(text: string): Record<string, unknown> {
  if (text.trim() === "") return {};
  if (text.trim().startsWith("{")) return JSON.parse(text);
  return Object.fromEntries(
    text.split(",").map((part) => {
      const [name = "", value] = part.split(/=(.*)/s);
      if (value === undefined) throw new Error(`WEIGHTSPACE_SET: expected name=value, got "${part}"`);
      return [name.trim(), parseValue(value.trim())];
    }),
  );
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
