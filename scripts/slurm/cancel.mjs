import { ask } from "./command.mjs";
import { queuedTasks } from "./queue.mjs";

/** @typedef {import("./launch.mjs").Launch} Launch */

/**
 * Cancels what is left of a notebook's jobs. Its workers write checkpoints first.
 *
 * @param {string} name The notebook.
 * @param {Launch} launch
 * @returns {string} What was done.
 * @throws {Error} If Slurm refuses.
 */
export function cancel(name, { array, render }) {
  const left = [array, render].filter((id) => queuedTasks(id).length > 0);
  if (left.length === 0) return `${name}: jobs ${array} and ${render} have ended, nothing is left to cancel`;
  // The notebook's job first: the end of the array would start it.
  const { isRefused, refusal } = ask("scancel", left.toReversed());
  if (isRefused) throw new Error(`scancel failed: ${refusal}`);
  return `${name}: cancelled ${left.length === 1 ? "job" : "jobs"} ${left.join(" and ")}; records and checkpoints stay`;
}
