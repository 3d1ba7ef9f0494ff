import { join, relative } from "node:path";
import { writeAtomically } from "../files/write-atomically";
import { type Environment, environment } from "../notebook/environment";
import { type ParameterValue, profile } from "../notebook/parameters";
import { buildFolder, projectFolder } from "../notebook/project";
import type { Final } from "../training/training";

/** A part of a configuration; null where it does not apply. */
export type ConfigValue = ParameterValue | null;

/** One training: its configuration, history and final result. */
export interface Run<F extends Final = Record<string, number>> {
  name: string;
  config: Record<string, ConfigValue>;
  history: ({ step: number } & Record<string, number>)[];
  final: F;
}

/** The results of a notebook: the runs behind its figures and tables. */
export interface Results {
  notebook: string;
  parameters: Record<string, unknown>;
  environment: Environment;
  runs: Run<Final>[];
}

const committed = join(projectFolder, "notebooks", "results");

/** Where results and pictures go: of the full profile to `notebooks/results`, which is committed, else to `build`. */
export function resultsFolder(): string {
  return profile() === "full" ? committed : join(buildFolder, "results");
}

/** The file of a notebook's results by the full profile. */
export function committedResults(notebook: string): string {
  return join(committed, `${notebook}.json`);
}

/**
 * Writes a notebook's results to the results' folder.
 *
 * @param notebook The notebook's name without extension, such as `04-linear-network`.
 * @returns The file's path, relative to the project.
 * @throws RangeError where a number is not finite: JSON cannot hold it.
 */
export function saveResults(
  notebook: string,
  { parameters, runs }: Pick<Results, "parameters" | "runs">,
  folder = resultsFolder(),
): string {
  const results: Results = { notebook, parameters, environment: environment(), runs };
  const file = join(folder, `${notebook}.json`);
  writeAtomically(file, `${inRows(JSON.stringify(results, finite, 1))}\n`);
  return relative(projectFolder, file);
}

/** Indented JSON with what holds no other lists or objects on one line, such as the rows of a history. */
function inRows(json: string): string {
  return json.replace(/([[{])\n\s+([^[\]{}]*)\n\s+([\]}])/g, (_, open, inner, close) => {
    return `${open}${inner.replace(/\n\s+/g, " ")}${close}`;
  });
}

function finite(name: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new RangeError(`results: "${name}" is ${value}; expected a finite number`);
  }
  return value;
}
