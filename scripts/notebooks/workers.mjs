import { mkdirSync, readdirSync, statSync } from "node:fs";
import { availableParallelism, freemem } from "node:os";
import { join } from "node:path";
import { UsageError } from "../setup/command-line.mjs";
import { build, root } from "../setup/paths.mjs";

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
 * The environment of one of several workers: its share of the cores, and for all but the first, whose results count, a
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
  const shared = { ...env, WEIGHTSPACE_THREADS: threads, OMP_NUM_THREADS: threads };
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

/**
 * Where the records of a notebook's runs lie.
 *
 * @param {string} name The notebook.
 * @param {NodeJS.ProcessEnv} [env]
 */
export function recordsFolder(name, env = process.env) {
  return join(env["WEIGHTSPACE_DATA"] || join(root, "data"), "records", name);
}

/**
 * What a folder of records says about the runs since a moment, such as "2 running, 14 done, 84 an hour".
 *
 * @param {string} folder
 * @param {number} since A time in milliseconds as of `Date.now()`.
 * @returns {string} Empty where there are none.
 */
export function runsText(folder, since, now = Date.now()) {
  const names = namesIn(folder);
  const running = names.filter((name) => name.endsWith(".lock")).length;
  const done = names.filter((name) => name.endsWith(".json") && modified(join(folder, name)) >= since).length;
  if (running + done === 0) return "";
  const rate = done === 0 ? "" : `, ${Math.round((done * 3_600_000) / (now - since))} an hour`;
  return `${running} running, ${done} done${rate}`;
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
