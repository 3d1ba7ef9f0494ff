import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseCommandLine, UsageError } from "../setup/command-line.mjs";
import { DEVICE_USAGE, deviceOf, deviceOptions } from "../setup/device.mjs";
import { root } from "../setup/paths.mjs";
import { parseSlurm, SLURM_USAGE, slurmOptions } from "../slurm/options.mjs";
import { parseWorkers } from "./workers.mjs";

export const notebooksFolder = join(root, "notebooks");

export const PROFILES = ["quick", "full", "smoke"];

/** The names of all notebooks, such as "04-linear-network", in order. */
export function notebookNames(folder = notebooksFolder) {
  return readdirSync(folder)
    .filter((file) => /^\d\d-.*\.ipynb$/.test(file))
    .map((file) => file.slice(0, -".ipynb".length))
    .sort();
}

/** The usage of `parseSelection`'s command line. */
export function selectionUsage(names = notebookNames()) {
  return `npm start -- [NN …] [--profile ${PROFILES.join("|")}] [--render] [--workers N] [--gpu|--cpu]
                         [--engine slurm …]

Sets everything up, executes the notebooks headlessly into build/ and shows their key results.

  NN                 a notebook, by its number or its name; all by default:
                     ${names.join(", ")}
  --profile PROFILE  quick, of at most two minutes a notebook, the default; full, with the originals'
                     hyper-parameters; smoke, of at most half a minute
  --render           puts the executed notebooks in the place of the committed ones; after a full run only
  --workers N        that many processes, which share the cores, execute each notebook at the same time: of the runs
                     that it asks for, each trains what no other does
${DEVICE_USAGE}
${SLURM_USAGE}
  --help             shows this`;
}

/**
 * Reads a command line that chooses notebooks and how they run.
 *
 * @param {string[]} args The arguments.
 * @param {string[]} names The notebooks that exist; a number chooses one, none choose all.
 * @returns {{ names: string[], profile: string, render: boolean, workers: number, device: "cpu" | "gpu" | undefined,
 *   slurm?: import("../slurm/options.mjs").SlurmRequest }} `slurm` where Slurm runs them.
 * @throws {UsageError} If an argument means nothing, with what exists.
 */
export function parseSelection(args, names = notebookNames()) {
  const { values, positionals } = parseCommandLine(args, {
    allowPositionals: true,
    options: {
      profile: { type: "string", default: "quick" },
      render: { type: "boolean", default: false },
      workers: { type: "string", default: "1" },
      ...deviceOptions,
      ...slurmOptions,
    },
  });
  const { profile, render } = values;
  if (!PROFILES.includes(profile)) {
    throw new UsageError(`There is no profile "${profile}": choose one of ${PROFILES.join(", ")}.`);
  }
  if (render && profile !== "full") {
    throw new UsageError("Only a full run is rendered into notebooks/: add --profile full.");
  }
  const slurm = parseSlurm(values, profile);
  const free = slurm && Number.POSITIVE_INFINITY; // Slurm sees to the memory of its machines.
  return {
    names: findNotebooks(positionals, names),
    profile,
    render,
    workers: parseWorkers(values.workers, { profile, free }),
    device: deviceOf(values),
    ...(slurm && { slurm }),
  };
}

/**
 * The notebooks of numbers or names, each once.
 *
 * @param {string[]} asked None asks for all.
 * @param {string[]} names The notebooks that exist.
 * @throws {UsageError} If there is no such notebook.
 */
export function findNotebooks(asked, names = notebookNames()) {
  return asked.length > 0 ? [...new Set(asked.map((one) => find(one, names)))] : names;
}

/**
 * The notebook of a number or a name.
 *
 * @param {string} asked
 * @param {string[]} names The notebooks that exist.
 */
function find(asked, names) {
  const number = /^\d+$/.test(asked) ? asked.padStart(2, "0") : undefined;
  const name = names.find((name) => name === asked || name.split("-")[0] === number);
  if (!name) throw new UsageError(`There is no notebook "${asked}": the notebooks are ${names.join(", ")}.`);
  return name;
}
