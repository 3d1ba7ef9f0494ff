import { join } from "node:path";
import { recordsFolder } from "../notebooks/workers.mjs";
import { root } from "../setup/paths.mjs";
import { setup } from "../setup/setup.mjs";
import { renderScript, workerScript } from "./batch-scripts.mjs";
import { cancel } from "./cancel.mjs";
import { ask } from "./command.mjs";
import { jobsFolder, launchesOf } from "./launch.mjs";
import { statusText } from "./status.mjs";
import { submit } from "./submit.mjs";

/** @typedef {import("./batch-scripts.mjs").Job} Job */

/**
 * What is asked for.
 *
 * @typedef {object} Request
 * @property {string[]} names The notebooks.
 * @property {string} profile
 * @property {boolean} render
 * @property {number} workers
 * @property {"cpu" | "gpu" | undefined} device
 * @property {import("./options.mjs").SlurmRequest} slurm
 */

/** The variables that the jobs set for themselves. */
const OWN = ["PROFILE", "THREADS", "LAUNCH"].map((name) => `WEIGHTSPACE_${name}`);

/**
 * Does with Slurm what is asked for.
 *
 * @param {Request} request
 */
export async function useSlurm(request) {
  const { names, slurm, device } = request;
  if (slurm.action === "status") {
    for (const { name, launch } of launchesOf(names)) console.log(statusText(name, launch));
  } else if (slurm.action === "cancel") {
    for (const { name, launch } of launchesOf(names)) console.log(cancel(name, launch));
  } else if (slurm.action === "dry-run") {
    for (const name of names) printScripts(jobOf(name, request));
  } else {
    ask("sbatch", ["--version"]); // Without Slurm, the set-up would be in vain.
    await setup({ device });
    for (const name of names) submitAndTell(jobOf(name, request));
  }
}

/**
 * @param {string} name The notebook.
 * @param {Request} request
 * @returns {Job}
 */
export function jobOf(name, { profile, render, workers, slurm }, env = process.env) {
  return {
    ...{ name, profile, render, workers, root },
    node: process.execPath,
    folder: jobsFolder(name),
    records: recordsFolder(name, env),
    variables: handedOn(env),
    resources: slurm.resources,
  };
}

/**
 * The project's variables that the submitter has set, but for those that are the jobs' own.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {Record<string, string>}
 */
function handedOn(env) {
  const set = Object.entries(env).filter(([name]) => name.startsWith("WEIGHTSPACE_") && !OWN.includes(name));
  return Object.fromEntries(set.map(([name, value = ""]) => [name, value]));
}

/** @param {Job} job */
function printScripts(job) {
  const { folder } = job;
  console.log(`==> ${join(folder, "workers.sh")} <==\n${workerScript(job)}`);
  console.log(`==> ${join(folder, "render.sh")} <==\n${renderScript(job)}`);
}

/** @param {Job} job */
function submitAndTell(job) {
  const { array, render } = submit(job);
  const { name, workers, folder } = job;
  console.log(
    `${name}: job ${array} with ${workers} ${workers === 1 ? "worker" : "workers"}, ` +
      `then job ${render}, which executes the notebook; scripts and outputs are in ${folder}`,
  );
}
