import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { deviceOf, deviceOptions } from "../setup/device.mjs";
import { root } from "../setup/paths.mjs";

export const notebooksFolder = join(root, "notebooks");

export const profiles = ["quick", "full", "smoke"];

/** The names of all notebooks, such as "04-linear-network", in order. */
export function notebookNames(folder = notebooksFolder) {
  return readdirSync(folder)
    .filter((file) => /^\d\d-.*\.ipynb$/.test(file))
    .map((file) => file.slice(0, -".ipynb".length))
    .sort();
}

/**
 * What a command line asks for: `[NN …] [--profile quick|full|smoke] [--render] [--gpu|--cpu]`.
 *
 * @param {string[]} args The arguments.
 * @param {string[]} names The notebooks that exist; a number chooses one, none choose all.
 * @returns {{ names: string[], profile: string, render: boolean, device: "cpu" | "gpu" | undefined }}
 * @throws {Error} If an argument means nothing, with what exists.
 */
export function parseSelection(args, names = notebookNames()) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      profile: { type: "string", default: "quick" },
      render: { type: "boolean", default: false },
      ...deviceOptions,
    },
  });
  const { profile, render } = values;
  if (!profiles.includes(profile)) {
    throw new Error(`There is no profile "${profile}": choose one of ${profiles.join(", ")}.`);
  }
  if (render && profile !== "full") {
    throw new Error("Only a full run is rendered into notebooks/: add --profile full.");
  }
  return {
    names: positionals.length > 0 ? positionals.map((asked) => find(asked, names)) : names,
    profile,
    render,
    device: deviceOf(values),
  };
}

function find(asked, names) {
  const name = names.find((name) => name === asked || name.split("-")[0] === asked.padStart(2, "0"));
  if (!name) throw new Error(`There is no notebook "${asked}": the notebooks are ${names.join(", ")}.`);
  return name;
}
