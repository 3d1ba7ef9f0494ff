import { ask } from "./command.mjs";

/**
 * A job or a task of an array that waits or runs.
 *
 * @typedef {{ state: string, reason: string }} QueuedTask
 */

/**
 * The tasks of a job that Slurm still has before it.
 *
 * @param {string} id The job's.
 * @returns {QueuedTask[]} None where all have ended.
 * @throws {Error} If Slurm does not answer.
 */
export function queuedTasks(id) {
  const args = ["--noheader", "--array", `--jobs=${id}`, "--format=%T|%r"];
  const { isRefused, output, refusal } = ask("squeue", args);
  // A job that has ended is forgotten after some minutes.
  if (isRefused && /invalid job id/i.test(refusal)) return [];
  if (isRefused) throw new Error(`squeue failed: ${refusal}`);
  return lines(output).map((line) => {
    const [state = "", reason = ""] = line.split("|");
    return { state: state.toLowerCase(), reason };
  });
}

/**
 * The states in which tasks of a job have ended, such as "completed" or "cancelled", by the cluster's accounting.
 *
 * @param {string} id The job's.
 * @returns {string[]} One for each task; none where there is no accounting.
 */
export function endStates(id) {
  const args = ["--noheader", "--allocations", "--parsable2", `--jobs=${id}`, "--format=State,End"];
  const { isRefused, output } = ask("sacct", args);
  if (isRefused) return [];
  return lines(output)
    .map((line) => line.split("|"))
    .filter(([, end]) => end !== "Unknown" && end !== "None")
    .map(([state = ""]) => (state.split(" ")[0] ?? "").toLowerCase());
}

/** @param {string} text */
const lines = (text) => text.split("\n").filter(Boolean);
