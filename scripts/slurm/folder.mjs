import { join } from "node:path";
import { build } from "../setup/paths.mjs";

/**
 * Where everything of a notebook's jobs lies: their scripts, what they print, and which they are.
 *
 * @param {string} name The notebook.
 */
export function jobsFolder(name) {
  return join(build, "slurm", name);
}
