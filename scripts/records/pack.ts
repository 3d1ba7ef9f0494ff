import { join } from "node:path";
import { readRecord } from "../../lib/experiment/record";
import { readResults, writeResults } from "../../lib/experiment/results";

/**
 * Adds recorded runs to a file of results; its parameters, claims and other runs stay as they are.
 *
 * @param file The results of a notebook.
 * @param folder The notebook's records.
 * @param keys The runs that are wanted.
 * @returns How many were added, and how many are neither recorded nor among the results.
 * @throws Error where the file is missing or damaged.
 */
export function packRecords(
  file: string,
  folder: string,
  keys: readonly string[],
): { added: number; missing: number } {
  const results = readResults(file);
  const present = new Set(results.runs.map((run) => (run as { key?: string }).key));
  const wanted = [...new Set(keys)].filter((key) => !present.has(key));
  const added = wanted.flatMap((key) => readRecord(join(folder, `${key}.json`), key) ?? []);
  if (added.length > 0) writeResults(file, { ...results, runs: [...results.runs, ...added] });
  return { added: added.length, missing: wanted.length - added.length };
}
