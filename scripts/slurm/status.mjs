import { runsText } from "../notebooks/workers.mjs";
import { endStates, queuedTasks } from "./queue.mjs";

/** @typedef {import("./launch.mjs").Launch} Launch */

/**
 * How far a notebook's jobs and runs are, in some lines.
 *
 * @param {string} name The notebook.
 * @param {Launch} launch
 */
export function statusText(name, { array, render, workers, profile, submitted, records }) {
  const time = new Date(submitted).toISOString().slice(0, 16).replace("T", " ");
  return `${name}, ${profile} profile, submitted ${time} UTC
  workers, job ${array}: ${tasksText(array, workers)}
  notebook, job ${render}: ${tasksText(render, 1)}
  runs: ${runsText(records, `slurm-${array}`) || "none are trained now"}`;
}

/**
 * Such as "60 pending (Priority), 3 running, 1 done (1 completed)".
 *
 * @param {string} id The job's.
 * @param {number} count How many tasks it has.
 */
function tasksText(id, count) {
  const queued = queuedTasks(id);
  const states = queued.map(({ state, reason }) => (state === "pending" ? `${state} (${reason})` : state));
  const ended = count - queued.length;
  const how = ended > 0 ? countsText(endStates(id)) : "";
  const done = ended > 0 ? `${ended} done${how && ` (${how})`}` : "";
  return [countsText(states), done].filter(Boolean).join(", ");
}

/**
 * Such as "3 running, 1 completing".
 *
 * @param {string[]} states
 */
function countsText(states) {
  const kinds = [...new Set(states)];
  return kinds.map((kind) => `${states.filter((state) => state === kind).length} ${kind}`).join(", ");
}
