import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { availableParallelism, freemem } from "node:os";
import { join } from "node:path";
import { UsageError } from "../setup/command-line.mjs";
import { build, root } from "../setup/paths.mjs";

/** Names the workers of this process: they try a run that fails three times among them. */
export const LAUNCH = randomUUID();

/** What a process that executes a notebook takes: the kernel, TensorFlow, the data. */
const WORKER_BYTES = 2 * 2 ** 30;

/**
 * Reads the number of workers of a command line.
 *
 * @param {string} text
 * @param {{ profile: string, free?: number }} situation The profile; the bytes of memory that are free.
 * @throws {UsageError} If it is no number of workers, or more than the memory or the profile allow.
 */
export function parseWorkers(text, { profile, free = freeMemory() }) {
  const workers = Number(text);
  if (!Number.isInteger(workers) || workers < 1) {
    throw new UsageError(`The number of workers is "${text}", expected an integer from 1 on.`);
  }
  if (workers > 1 && profile === "smoke") {
    throw new UsageError("The smoke profile trains every run anew: workers would share nothing.");
  }
  const most = Math.max(1, Math.floor(free / WORKER_BYTES));
  if (workers > most) {
    const gigabytes = (/** @type {number} */ bytes) => (bytes / 2 ** 30).toFixed(1);
    throw new UsageError(
      `${workers} workers take about ${gigabytes(workers * WORKER_BYTES)} GB of memory, of which ` +
        `${gigabytes(free)} GB are free: at most ${most}.`,
    );
  }
  return workers;
}

/** The bytes of memory that are free on this machine and allowed by the control group. */
function freeMemory() {
  return Math.min(freemem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
}

/**
 * The environment of one of several workers: its share of the cores, the name of their launch, and for all but the first, whose results count, a
 * folder of results of its own.
 *
 * @param {number} worker From 1.
 * @param {number} workers How many there are.
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function workerEnvironment(worker, workers, env) {
  if (workers === 1) return env;
  const threads = `${Math.max(1, Math.floor(availableParallelism() / workers))}`;
  const shared = {
    WEIGHTSPACE_LAUNCH: LAUNCH,
    ...env,
    WEIGHTSPACE_THREADS: threads,
    OMP_NUM_THREADS: threads,
  };
  if (worker === 1) return shared;
  return { ...shared, WEIGHTSPACE_RESULTS: join(workerFolder(worker), "results") };
}

/**
 * Where a worker leaves what it makes besides records; the folder is made.
 *
 * @param {number} worker
 */
export function workerFolder(worker) {
  const folder = join(build, "workers", `${worker}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** The folder of the data sets and records. */
export function dataFolder(env = process.env) {
  return env["WEIGHTSPACE_DATA"] || join(root, "data");
}

/**
 * Where the records of a notebook's runs lie.
 *
 * @param {string} name The notebook.
 * @param {NodeJS.ProcessEnv} [env]
 */
export function recordsFolder(name, env = process.env) {
  return join(dataFolder(env), "records", name);
}

/**
 * What a folder of records says about the runs that the processes of a launch are at, such as
 * "14 of 40 runs done, 2 running, 84 an hour, 19 min left, 1 failed".
 *
 * @param {string} folder
 * @param {string} launch What the processes have as WEIGHTSPACE_LAUNCH.
 * @param {number} now A time in milliseconds as of `Date.now()`.
 * @returns {string} Empty where they are at none.
 */
export function runsText(folder, launch, now = Date.now()) {
  const list = currentList(folder, launch);
  if (!list) return "";
  const names = new Set(namesIn(folder));
  /** @param {string} ending */
  const count = (ending) => list.keys.filter((key) => names.has(`${key}${ending}`)).length;
  const done = list.keys.filter((key) => names.has(`${key}.json`));
  const failed = count(".failures");
  const lately = done.filter((key) => modified(join(folder, `${key}.json`)) >= list.since).length;
  const hours = (now - list.since) / 3_600_000;
  const left = list.keys.length - done.length - failed;
  return [
    `${done.length} of ${list.keys.length} runs done`,
    `${count(".lock")} running`,
    lately > 0 &&
      `${Math.round(lately / hours)} an hour, ${Math.round((60 * hours * left) / lately)} min left`,
    failed > 0 && `${failed} failed`,
  ]
    .filter(Boolean)
    .join(", ");
}

/**
 * The keys of the runs that the processes of a launch are at, and since when.
 *
 * @param {string} folder
 * @param {string} launch
 */
function currentList(folder, launch) {
  const path = join(folder, "current.list");
  try {
    /** @type {{ launch: string, keys: string[] }} */
    const { launch: of, keys } = JSON.parse(readFileSync(path, "utf8"));
    return of === launch ? { keys, since: modified(path) } : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} folder */
function namesIn(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** @param {string} path */
const modified = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
