import { UsageError } from "../setup/command-line.mjs";

/** @typedef {import("./batch-scripts.mjs").Resources} Resources */

/**
 * What is asked of the Slurm engine.
 *
 * @typedef {object} SlurmRequest
 * @property {"submit" | "dry-run" | "status" | "cancel"} action
 * @property {Resources} resources
 */

export const ENGINES = ["local", "slurm"];

/** The options of the command line that concern Slurm. */
export const slurmOptions = /** @type {const} */ ({
  engine: { type: "string", default: "local" },
  time: { type: "string" },
  partition: { type: "string" },
  mem: { type: "string" },
  cpus: { type: "string" },
  "dry-run": { type: "boolean" },
  status: { type: "boolean" },
  cancel: { type: "boolean" },
});

/** Their lines in a command's usage. */
export const SLURM_USAGE = `  --engine slurm     the workers are the tasks of a Slurm job array for each notebook; another job executes the
                     notebook once they have ended (docs/slurm.md). With it:
  --time LIMIT       of a task, such as 4:00:00 or 1-12; the cluster's default by default
  --partition NAME   where the tasks run; the cluster's default by default
  --mem SIZE         the memory of a task, such as 4G; 3G by default
  --cpus N           the cores of a task, 1 by default: on one, results repeat to the last bit
  --dry-run          prints the job scripts and submits nothing
  --status           shows how far the submitted jobs and their runs are
  --cancel           cancels the submitted jobs; records and checkpoints stay`;

/** The shortest time limit in minutes: of it, two minutes go to the notice before its end, and one to the start. */
const SHORTEST_MINUTES = 10;

/**
 * @typedef {{ engine: string, time?: string, partition?: string, mem?: string, cpus?: string, "dry-run"?: boolean,
 *   status?: boolean, cancel?: boolean }} Values
 */

/**
 * What a command line asks of Slurm.
 *
 * @param {Values} values Of its options.
 * @param {string} profile Of the notebooks.
 * @returns {SlurmRequest | undefined} Undefined where the notebooks run on this machine.
 * @throws {UsageError} If an option does not fit.
 */
export function parseSlurm(values, profile) {
  const { engine, ...others } = values;
  if (!ENGINES.includes(engine)) {
    throw new UsageError(`There is no engine "${engine}": choose one of ${ENGINES.join(", ")}.`);
  }
  if (engine === "local") {
    const stray = Object.keys(slurmOptions).find((name) => name in others);
    if (stray) throw new UsageError(`--${stray} concerns Slurm: add --engine slurm.`);
    return undefined;
  }
  if (profile === "smoke") {
    throw new UsageError("The smoke profile trains every run anew: Slurm's workers would share nothing.");
  }
  return { action: actionOf(others), resources: resourcesOf(others) };
}

/**
 * @param {Omit<Values, "engine">} values
 * @returns {SlurmRequest["action"]}
 */
function actionOf(values) {
  const asked = /** @type {const} */ (["dry-run", "status", "cancel"]).filter((name) => values[name]);
  if (asked.length > 1) {
    throw new UsageError(`${asked.map((name) => `--${name}`).join(" and ")} exclude each other.`);
  }
  return asked[0] ?? "submit";
}

/**
 * @param {Omit<Values, "engine">} values
 * @returns {Resources}
 */
function resourcesOf({ time, partition, mem = "3G", cpus = "1" }) {
  if (time !== undefined) checkTime(time);
  if (partition !== undefined && !/^[\w][\w.,-]*$/.test(partition)) {
    throw new UsageError(
      `The partition is ${JSON.stringify(partition)}, expected a name of letters, digits, ".", "-" and "_".`,
    );
  }
  if (!/^[1-9]\d*[KMGT]?$/i.test(mem)) {
    throw new UsageError(`The memory is "${mem}", expected an integer with a unit, such as 4G or 3500M.`);
  }
  if (!/^[1-9]\d*$/.test(cpus)) {
    throw new UsageError(`The number of cores is "${cpus}", expected an integer from 1 on.`);
  }
  return { ...(time && { time }), ...(partition && { partition }), mem, cpus };
}

/** @param {string} time */
function checkTime(time) {
  const minutes = minutesOf(time);
  if (minutes === undefined) {
    throw new UsageError(
      `The time limit is "${time}", expected minutes, hours:minutes:seconds or days-hours, such as 90, 4:00:00 or 1-12.`,
    );
  }
  if (minutes < SHORTEST_MINUTES) {
    throw new UsageError(
      `The time limit is "${time}", expected ${SHORTEST_MINUTES} minutes or more: a worker ends two minutes before it.`,
    );
  }
}

/**
 * The minutes of a time in one of sbatch's forms: M, M:S, H:M:S, D-H, D-H:M, D-H:M:S.
 *
 * @param {string} time
 * @returns {number | undefined} Undefined where it has none of them.
 */
function minutesOf(time) {
  const [, days, text = ""] = time.match(/^(?:(\d+)-)?(\d+(?::\d+){0,2})$/) ?? [];
  if (text === "") return undefined;
  const parts = text.split(":").map(Number);
  if (parts.slice(1).some((part) => part > 59)) return undefined;
  const [first = 0, second = 0, third = 0] = parts;
  if (days !== undefined) return (Number(days) * 24 + first) * 60 + second + third / 60;
  return parts.length === 3 ? first * 60 + second + third / 60 : first + second / 60;
}
