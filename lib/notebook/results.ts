import { join, relative } from "node:path";
import { requireHolding } from "../experiment/claim";
import { type Results, writeResults } from "../experiment/results";
import type { Claims } from "./claims";
import { environment } from "./environment";
import { profile } from "./parameters";
import { buildFolder, projectFolder } from "./project";

const committed = join(projectFolder, "notebooks", "results");

/**
 * Where results and pictures go: of the full profile to `notebooks/results`, which is committed, else to `build`; or where
 * `WEIGHTSPACE_RESULTS` says, as it does to workers that only train.
 */
export function resultsFolder(): string {
  const asked = process.env["WEIGHTSPACE_RESULTS"];
  if (asked) return asked;
  return profile() === "full" ? committed : join(buildFolder, "results");
}

/** The file of a notebook's results by the full profile. */
export function committedResults(notebook: string): string {
  return join(committed, `${notebook}.json`);
}

/** What a notebook saves: its parameters and runs, and the claims that it makes about them. */
export interface NotebookResults extends Pick<Results, "parameters" | "runs"> {
  /** Default: none. */
  claims?: Claims;
}

/**
 * Writes a notebook's results to the results' folder.
 *
 * @param notebook The notebook's name without extension, such as `04-linear-network`.
 * @returns The file's path, relative to the project.
 * @throws RangeError where a number is not finite: JSON cannot hold it.
 * @throws Error with text and evidence of each claim that does not hold; then nothing is written.
 */
export function saveResults(
  notebook: string,
  { parameters, runs, claims }: NotebookResults,
  folder = resultsFolder(),
): string {
  const list = claims?.list();
  requireHolding(list ?? []);
  const file = join(folder, `${notebook}.json`);
  writeResults(file, {
    ...{ notebook, parameters, environment: environment() },
    ...(list && { claims: list }),
    runs,
  });
  return relative(projectFolder, file);
}
