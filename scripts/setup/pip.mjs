import { runQuietly } from "./command.mjs";

/**
 * Runs pip, which asks nothing and heeds no user's setting to install outside the environment.
 *
 * @param {string} python The Python whose pip it is.
 * @param {string} what What it does, for the error.
 * @param {string[]} args The command and its arguments.
 * @param {object} [options]
 * @param {NodeJS.ProcessEnv} [options.env] More of its environment.
 * @param {(line: string) => boolean} [options.isProgress] As in `runQuietly`.
 * @throws {Error} If it fails: with the last of what it said.
 */
export function pip(python, what, args, { env = {}, isProgress } = {}) {
  const quiet = ["-m", "pip", "--disable-pip-version-check", "--no-input"];
  return runQuietly(what, python, [...quiet, ...args], {
    env: { ...process.env, PIP_USER: "0", ...env },
    isProgress,
  });
}
