import { createHash } from "node:crypto";
import { readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { writeAtomically, writeOnce } from "../files/write-atomically";
import type { Final } from "../training/training";
import type { Config } from "./config";
import { checkFinishedRun, type FinishedRun } from "./finished-run";

/** The files of one run in a folder of records. */
export interface RunFiles {
  /** The finished run. */
  record: string;
  /** The state of a training that was cut. */
  checkpoint: string;
  /** The state of the training after its last step, where its model was to be kept. */
  model: string;
  /** Names the process that trains the run. */
  lock: string;
  /** The attempts at the run that failed, where several processes that were started together share it. */
  failures: string;
}

export function runFiles(folder: string, notebook: string, key: string): RunFiles {
  const stem = join(folder, notebook, key);
  return {
    record: `${stem}.json`,
    checkpoint: `${stem}.safetensors`,
    model: `${stem}.model.safetensors`,
    lock: `${stem}.lock`,
    failures: `${stem}.failures`,
  };
}

/**
 * Writes the record of a finished run, with a hash of all that it holds.
 *
 * @param options.replace Replace an earlier record; else that is kept and this one is not written. Default: yes.
 * @throws TypeError for a run that JSON cannot hold, such as one with NaN in its history; Error of the file system
 */
export function writeRecord(path: string, run: FinishedRun<Final>, { replace = true } = {}): void {
  checkFinishedRun(run);
  const content = JSON.stringify({ ...run, sha256: hashOf(run) });
  if (replace) writeAtomically(path, `${content}\n`);
  else writeOnce(path, `${content}\n`);
}

/**
 * Renames a file that cannot be used, so that a new one takes its place, and warns of it.
 *
 * @param reason Names the file and what is wrong with it.
 */
export function setAside(path: string, reason: string): void {
  try {
    renameSync(path, `${path}.damaged`);
    console.warn(`${reason}. It is kept as ${path}.damaged, and the run is trained from its start.`);
  } catch (problem) {
    console.warn(`${reason}. It cannot be renamed (${(problem as Error).message}); the run is trained anew.`);
  }
}

/**
 * The finished run in a record; undefined where there is none. One whose hash, shape, key or configuration is wrong is
 * set aside with a warning that names it.
 *
 * @param config The configuration that is asked for. Default: any.
 */
export function readRecord(path: string, key: string, config?: Config): FinishedRun<Final> | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const isAbsent = ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
    if (!isAbsent) setAside(path, reasonOf(path, error));
    return undefined;
  }
  try {
    const { sha256, ...run } = JSON.parse(text) ?? {};
    expectEqual("sha256", sha256, hashOf(run));
    return checked(run, key, config);
  } catch (error) {
    setAside(path, reasonOf(path, error));
    return undefined;
  }
}

function reasonOf(path: string, error: unknown): string {
  return `the record ${path} cannot be used: ${(error as Error).message}`;
}

/** A run that was read, with the configuration that was asked for: JSON does not hold all of its values. */
function checked(run: unknown, key: string, config?: Config): FinishedRun<Final> {
  checkFinishedRun(run);
  expectEqual("key", run.key, key);
  if (!config) return run;
  expectEqual("configuration", textOf(run.config), textOf(config));
  return { ...run, config };
}

function expectEqual(what: string, found: unknown, expected: string): void {
  if (found !== expected) throw new Error(`its ${what} is ${found}, expected ${expected}`);
}

function hashOf(run: unknown): string {
  return createHash("sha256").update(JSON.stringify(run)).digest("hex");
}

/** A configuration as JSON, in the order of its names. */
function textOf(config: Config): string {
  const names = Object.keys(config).filter((name) => config[name] !== undefined);
  return JSON.stringify(Object.fromEntries(names.sort().map((name) => [name, config[name]])));
}

/**
 * The run with this key and configuration in a file of results, which carries no hash of its own. One whose shape or
 * configuration is wrong is passed over with a warning.
 */
export function findCommitted(path: string, key: string, config: Config): FinishedRun<Final> | undefined {
  const run = committedRuns(path).find((one) => (one as FinishedRun | null)?.key === key);
  if (run === undefined) return undefined;
  try {
    return checked(run, key, config);
  } catch (error) {
    console.warn(
      `the run ${key} of ${path} cannot be used: ${(error as Error).message}. It is trained anew.`,
    );
    return undefined;
  }
}

let committed: { path: string; modified: number; runs: unknown[] } | undefined;

/** The committed runs of a notebook, parsed once as long as their file stays as it is: it may hold hundreds. */
function committedRuns(path: string): unknown[] {
  const modified = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  if (modified === undefined) return [];
  if (committed?.path !== path || committed.modified !== modified) {
    committed = { path, modified, runs: readRuns(path) };
  }
  return committed.runs;
}

function readRuns(path: string): unknown[] {
  try {
    const runs = JSON.parse(readFileSync(path, "utf8"))?.runs;
    if (!Array.isArray(runs)) throw new Error("it has no list of runs");
    return runs;
  } catch (error) {
    console.warn(`the results ${path} cannot be used: ${(error as Error).message}`);
    return [];
  }
}
