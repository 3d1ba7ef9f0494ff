import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { dataFolder, datasetNamed } from "../data/manifest";
import { writeAtomically } from "../files/write-atomically";
import { type ParameterValue, profile } from "../notebook/parameters";
import { type ConfigValue, committedResults, type Final, type Results, type Run } from "./results";

/** A run that was trained to its end. */
export interface FinishedRun<F extends Final = Record<string, number>> extends Run<F> {
  /** What was printed. */
  log: string[];
  /** Of its configuration, experiment and data: of two runs with one key, the second need not be trained. */
  key: string;
  /** The commit. */
  code: string;
  /** What computed. */
  backend: string;
  /** How long the training took, pauses not counted. */
  seconds: number;
}

/** All that decides what a run comes to, but the code. */
export interface Identity {
  /** The notebook it belongs to, such as `03-zero-initialization`. */
  notebook: string;
  /** Raised with each change after which the same configuration trains otherwise. */
  version: number;
  /** A data set of data/manifest.json. */
  data: string;
  /** What all configurations have in common, such as the batch size. */
  settings: Record<string, ParameterValue>;
}

/** The hash by which a run is found again; the order of names does not matter. */
export function keyOf(config: Record<string, ConfigValue>, experiment: Identity): string {
  const { notebook, version, data, settings } = experiment;
  const files = datasetNamed(data).files.map(({ sha256 }) => sha256);
  const parts = [notebook, version, files, sorted(settings), sorted(config)];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

/** The files of one run that are not committed: its record and its checkpoint, under data/records. */
export function recordFiles(notebook: string, key: string): { record: string; checkpoint: string } {
  const stem = join(dataFolder(), "records", notebook, key);
  return { record: `${stem}.json`, checkpoint: `${stem}.safetensors` };
}

/**
 * The finished run with this key, among the records or, in the full profile, the committed results; undefined where
 * there is none. The shorter profiles are there to train.
 */
export function findFinished<F extends Final>(notebook: string, key: string): FinishedRun<F> | undefined {
  const record = readJson<FinishedRun<F>>(recordFiles(notebook, key).record);
  if (record || profile() !== "full") return record;
  return (committedRuns(notebook) as FinishedRun<F>[]).find((run) => run.key === key);
}

let committed: { path: string; modified: number; runs: Results["runs"] } | undefined;

/** The committed runs of a notebook, parsed once as long as their file stays as it is: it may hold hundreds. */
function committedRuns(notebook: string): Results["runs"] {
  const path = committedResults(notebook);
  const modified = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  if (modified === undefined) return [];
  if (committed?.path !== path || committed.modified !== modified) {
    committed = { path, modified, runs: readJson<Results>(path)!.runs };
  }
  return committed.runs;
}

export function writeRecord(notebook: string, run: FinishedRun<Final>): void {
  writeAtomically(recordFiles(notebook, run.key).record, `${JSON.stringify(run)}\n`);
}

function readJson<T>(path: string): T | undefined {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

function sorted(values: Record<string, ConfigValue>): [string, ConfigValue][] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
}
