import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../setup/command-line.mjs";
import { renderScript, workerScript } from "./batch-scripts.mjs";
import { ask } from "./command.mjs";
import { readLaunch, writeLaunch } from "./launch.mjs";
import { queuedTasks } from "./queue.mjs";

/** @typedef {import("./batch-scripts.mjs").Job} Job */
/** @typedef {import("./launch.mjs").Launch} Launch */

/**
 * Writes a notebook's job scripts and submits them: the array of workers, and the job that waits for its end.
 *
 * @param {Job} job
 * @returns {Launch}
 * @throws {UsageError} If sbatch refuses, with its text, or the notebook's earlier jobs have not ended.
 */
export function submit(job) {
  checkEarlier(job);
  const { folder, name, workers, profile, records } = job;
  // sbatch takes it for the job's fault where the folder of its output is missing.
  mkdirSync(join(folder, "output"), { recursive: true });
  const submitted = Date.now();
  const workerFile = writeScript(join(folder, "workers.sh"), workerScript(job));
  const renderFile = writeScript(join(folder, "render.sh"), renderScript(job));
  const array = sbatch(name, [workerFile]);
  const render = withUndo(array, () => sbatch(name, [`--dependency=afterany:${array}`, renderFile, array]));
  const launch = { array, render, workers, profile, submitted, records };
  writeLaunch(folder, launch);
  return launch;
}

/**
 * The same jobs twice would write the same files.
 *
 * @param {Job} job
 */
function checkEarlier({ name, folder }) {
  const earlier = readLaunch(folder);
  if (!earlier) return;
  const left = [earlier.array, earlier.render].filter((id) => queuedTasks(id).length > 0);
  if (left.length === 0) return;
  throw new UsageError(
    `${name} has ${left.length === 1 ? "job" : "jobs"} ${left.join(" and ")} in Slurm's queue: ` +
      `see --status, or --cancel ${left.length === 1 ? "it" : "them"} first.`,
  );
}

/**
 * @param {string} path
 * @param {string} text
 */
function writeScript(path, text) {
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

/**
 * @param {string} name The notebook.
 * @param {string[]} args
 * @returns {string} The job's id.
 */
function sbatch(name, args) {
  const { isRefused, output, refusal } = ask("sbatch", ["--parsable", ...args]);
  if (isRefused) throw new UsageError(`sbatch refused the job of ${name}: ${refusal}.`);
  // On a federation the cluster's name follows.
  return output.trim().split(";")[0] ?? "";
}

/**
 * Cancels a job where what belongs to it cannot be done.
 *
 * @template T
 * @param {string} id The job's.
 * @param {() => T} work
 */
function withUndo(id, work) {
  try {
    return work();
  } catch (error) {
    ask("scancel", [id]);
    throw error;
  }
}
