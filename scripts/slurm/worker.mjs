import { mkdirSync, rmSync } from "node:fs";
import { executeInto } from "../notebooks/execute.mjs";

/** The exit code of a process that SIGTERM ended. */
const ENDED = 143;
/** @type {NodeJS.Signals[]} */
const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"];

/**
 * Executes a notebook as one of several workers, for the sake of the runs that it trains and records. Where a signal
 * asks this process to end, so do the notebook's kernel, after a checkpoint, and this worker. Any further signal means
 * the same: Slurm sends its signals to every process of a job, besides what these send one another.
 *
 * @param {string} name The notebook.
 * @param {string} folder Where the executed notebook goes; it stays only where the notebook fails.
 * @returns {Promise<number>} The exit code.
 */
export async function work(name, folder) {
  const controller = new AbortController();
  for (const signal of SIGNALS) process.on(signal, () => controller.abort());
  mkdirSync(folder, { recursive: true });
  const { code, error } = await executeInto(folder, name, { env: process.env, signal: controller.signal });
  if (controller.signal.aborted) {
    console.log(`${name}: ended by a signal; the records and checkpoints stay`);
    return ENDED;
  }
  if (code === 0) rmSync(folder, { recursive: true, force: true });
  else console.error(`${name} failed; as far as it came, it is in ${folder}:\n${error}`);
  return code;
}
