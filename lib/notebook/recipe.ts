import { backendText } from "../backend/backend";
import type { Displayable } from "../display/display";
import { jupyterDisplay } from "../display/host";
import { environment } from "./environment";
import { profile } from "./parameters";

/** What a reader needs to repeat a run, besides the code. */
export interface RecipeOptions {
  /** The seed or seeds, and which stream they start. */
  seed: string;
  optimizer: string;
  /** How the learning rate changes; default "constant". */
  schedule?: string;
  data: string;
  /** What computes; default: the backend that runs. */
  backend?: string;
}

/**
 * The recipe of a run: seed, optimizer, schedule, data, backend, versions, code and every parameter, as text.
 *
 * @param params The notebook's parameters.
 */
export function recipe(params: Record<string, unknown>, options: RecipeOptions): Displayable {
  const { code, node, platform, processor, threads, packages } = environment();
  const { seed, optimizer, data, schedule = "constant", backend = backendText() } = options;
  const lines = {
    profile: profile(),
    parameters: list(params),
    ...{ seed, optimizer, schedule, data, backend },
    versions: list({ node, ...packages }),
    machine: `${processor}, ${threads} threads, ${platform}`,
    code,
  };
  const width = Math.max(...Object.keys(lines).map((name) => name.length));
  const text = Object.entries(lines).map(([name, value]) => `${name.padEnd(width)}  ${value}`);
  return { [jupyterDisplay]: () => ({ "text/plain": text.join("\n") }) };
}

function list(values: Record<string, unknown>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${Array.isArray(value) ? `[${value.join(", ")}]` : value}`)
    .join(", ");
}
