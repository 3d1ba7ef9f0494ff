import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const LEAST_BYTES = 2 ** 18;
const WITHIN_MS = 180_000;
const PERIODS = 10;
const CONFIG_WITHIN_MS = 20_000;
/** What npm and pip say when they ask again: that is no progress. */
const RETRY = /Retrying|attempt \d+ failed/;

/**
 * What a command downloads, by which it is seen whether it gets on.
 *
 * @typedef {object} Downloads
 * @property {string} what What the command does, for the error.
 * @property {string[]} folders Where what comes is written at once.
 * @property {() => string} source Names what it comes from, for the error too.
 * @property {number} [within] The milliseconds in which something must come. Default: 180,000.
 */

/**
 * Watches a command that downloads: in every three minutes it must say something, or its folders must grow by
 * 262,144 bytes, which a connection of 1.5 kB/s does.
 *
 * @param {Downloads} downloads
 * @param {() => void} onStall Called once when that is not so.
 * @returns {{ heard: (line: string) => void, end: () => void }} What gets the command's lines, and ends the watch.
 */
export function watchDownloads({ folders, within = WITHIN_MS }, onStall) {
  let size = total(folders);
  let grown = 0;
  let periods = 0;
  // Counted in periods, so that the time of a suspended machine does not count.
  const timer = setInterval(() => {
    const now = total(folders);
    grown += Math.max(0, now - size);
    size = now;
    periods = grown < LEAST_BYTES ? periods + 1 : 0;
    if (periods === 0) grown = 0;
    if (periods < PERIODS) return;
    clearInterval(timer);
    onStall();
  }, within / PERIODS);
  return {
    heard(line) {
      if (!RETRY.test(line)) periods = 0;
    },
    end: () => clearInterval(timer),
  };
}

/**
 * What to say of a command that was ended because nothing came.
 *
 * @param {Downloads} downloads
 */
export function stallMessage({ what, source, within = WITHIN_MS }) {
  return (
    `${what} was ended: for ${within / 1000} s, ${source()} sent less than ${LEAST_BYTES} bytes. ` +
    "Check the network, and the registry and proxy in the settings of npm or pip."
  );
}

/**
 * Names the registry that npm uses, by its host: the whole URL may hold a password.
 *
 * @param {string[]} npm The program and its first arguments.
 */
export function npmRegistry([command, ...args]) {
  return hostNamed("the npm registry", output(command, [...args, "config", "get", "registry"]).trim());
}

/**
 * Names the index that a Python's pip uses, by its host.
 *
 * @param {string} python Its path.
 * @param {NodeJS.ProcessEnv} env pip's environment.
 */
export function pipIndex(python, env) {
  const settings = output(python, ["-m", "pip", "config", "list"], env);
  const urls = [":env:", "install", "download", "global"].map(
    (section) => settings.match(new RegExp(`^${section}\\.index-url='(.+)'`, "m"))?.[1],
  );
  return hostNamed("the Python package index", urls.find(Boolean) ?? "https://pypi.org/simple");
}

/**
 * @param {string} name
 * @param {string} url
 */
function hostNamed(name, url) {
  return URL.canParse(url) ? `${name} ${new URL(url).host}` : name;
}

/**
 * What a program prints; nothing where it cannot be run.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
function output(command, args, env = process.env) {
  return spawnSync(command, args, { encoding: "utf8", timeout: CONFIG_WITHIN_MS, env }).stdout ?? "";
}

/**
 * The bytes of all files below folders; files may come and go meanwhile.
 *
 * @param {string[]} folders
 */
function total(folders) {
  return folders.reduce((sum, folder) => sum + sizeOf(folder), 0);
}

/**
 * @param {string} folder
 * @returns {number}
 */
function sizeOf(folder) {
  return entriesOf(folder).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    return (
      sum + (entry.isDirectory() ? sizeOf(path) : (statSync(path, { throwIfNoEntry: false })?.size ?? 0))
    );
  }, 0);
}

/** @param {string} folder */
function entriesOf(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // It is not there yet, or no more.
  }
}
