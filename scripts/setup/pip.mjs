import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { runQuietly } from "./command.mjs";
import { pipIndex } from "./downloads.mjs";
import { cache, venv } from "./paths.mjs";

/**
 * Runs pip, which asks nothing and heeds no user's setting to install outside the environment.
 *
 * @param {string} python The Python whose pip it is.
 * @param {string} what What it does, for the error.
 * @param {string[]} args The command and its arguments.
 * @param {object} [options]
 * @param {NodeJS.ProcessEnv} [options.env] More of its environment.
 * @param {(line: string) => boolean} [options.isProgress] As in `runQuietly`.
 * @param {number} [options.within] The milliseconds in which its index must send something. Default: 180,000.
 * @throws {Error} If it fails: with the last of what it said; or if its index sends nothing any more: with its name.
 */
export function pip(python, what, args, { env = {}, isProgress, within } = {}) {
  const quiet = ["-m", "pip", "--disable-pip-version-check", "--no-input"];
  const all = { ...process.env, PIP_USER: "0", TMPDIR: join(cache, "tmp"), ...env };
  mkdirSync(all.TMPDIR, { recursive: true });
  // What pip downloads comes into the temporary folder, and is unpacked from there into the environment.
  const downloads = { what, folders: [all.TMPDIR, venv], source: () => pipIndex(python, all), within };
  return runQuietly(what, python, [...quiet, ...args], { env: all, isProgress, downloads });
}
