import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { UsageError } from "../setup/command-line.mjs";
import { build, root } from "../setup/paths.mjs";

/**
 * What was submitted for a notebook last.
 *
 * @typedef {object} Launch
 * @property {string} array The id of the workers' array.
 * @property {string} render That of the job that executes the notebook after them.
 * @property {number} workers
 * @property {string} profile
 * @property {number} submitted The time, in milliseconds as of `Date.now()`.
 * @property {string} records The folder of records.
 */

/**
 * Where everything of a notebook's jobs lies: their scripts, what they print, and which they are.
 *
 * @param {string} name The notebook.
 */
export function jobsFolder(name) {
  return join(build, "slurm", name);
}

/** @param {string} folder That of a notebook's jobs. */
const fileIn = (folder) => join(folder, "jobs.json");

/**
 * @param {string} folder
 * @param {Launch} launch
 */
export function writeLaunch(folder, launch) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileIn(folder), `${JSON.stringify(launch, undefined, 2)}\n`);
}

/**
 * @param {string} folder
 * @returns {Launch | undefined} Undefined where nothing was submitted.
 */
export function readLaunch(folder) {
  try {
    return JSON.parse(readFileSync(fileIn(folder), "utf8"));
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT") return undefined;
    throw new Error(`${fileIn(folder)} cannot be read: ${/** @type {Error} */ (error).message}`);
  }
}

/**
 * The launches of those notebooks that were submitted.
 *
 * @param {string[]} names
 * @param {(name: string) => string} folderOf
 * @throws {UsageError} If none was.
 */
export function launchesOf(names, folderOf = jobsFolder) {
  const launches = names.flatMap((name) => {
    const launch = readLaunch(folderOf(name));
    return launch ? [{ name, launch }] : [];
  });
  if (launches.length > 0) return launches;
  const files = names.map((name) => relative(root, fileIn(folderOf(name))));
  throw new UsageError(`Nothing was submitted to Slurm: there is no ${files.join(", ")}.`);
}
