import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const REWRITTEN_EVERY_MS = 200;
const SETTLES_WITHIN_MS = 100;
const ABANDONED_AFTER_MS = 30_000;

/**
 * What a lock file says of its holder.
 *
 * @typedef {object} Holder
 * @property {string} host
 * @property {[number, ...number[]]} pids The process that holds the lock, then those that it has started.
 */

/**
 * Runs `work` while holding a lock file, so that no two processes do it at once. Another holder is waited for;
 * the lock of a holder that died is taken over.
 *
 * @template T
 * @param {string} path The lock file; it names the holder's host and processes.
 * @param {() => Promise<T>} work What to do while holding it.
 * @param {object} [options]
 * @param {(pid: number | undefined) => void} [options.onWait] Called once if another process holds the lock, with
 *   that process; with undefined where it is just writing its lock.
 * @param {() => number[]} [options.children] The processes that `work` has started and that still run: a holder
 *   counts as alive as long as one of them is, for they go on writing.
 * @returns {Promise<T>} What `work` returns.
 */
export async function withLock(path, work, { onWait = () => {}, children = () => [] } = {}) {
  mkdirSync(dirname(path), { recursive: true });
  /** @param {string} flag How the file is opened, as in `writeFileSync`. */
  const write = (flag) =>
    writeFileSync(path, JSON.stringify({ host: hostname(), pids: [process.pid, ...children()] }), { flag });
  for (let tries = 0; !(await acquire(path, write)); tries++) {
    if (tries === 0) onWait(read(path)?.pids[0]);
    await sleep(REWRITTEN_EVERY_MS);
  }
  const timer = setInterval(() => write("w"), REWRITTEN_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    rmSync(path, { force: true });
  }
}

/**
 * @param {string} path
 * @param {(flag: string) => void} write Writes the lock file.
 * @returns {Promise<boolean>} Whether this process holds the lock.
 */
async function acquire(path, write) {
  if (isAbandoned(path)) rmSync(path, { force: true });
  try {
    write("wx");
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    throw error;
  }
  // Several processes may have found the same abandoned lock, and one removed the other's new one.
  await sleep(SETTLES_WITHIN_MS);
  const holder = read(path);
  return holder?.host === hostname() && holder.pids[0] === process.pid;
}

/**
 * Whether no process of the holder lives; on another machine, whether the holder no longer rewrites the lock.
 *
 * @param {string} path
 */
function isAbandoned(path) {
  const holder = read(path);
  if (!holder) return false;
  if (holder.host === hostname()) return !holder.pids.some(isAlive);
  return Date.now() - statSync(path).mtimeMs > ABANDONED_AFTER_MS;
}

/**
 * The holder, or undefined where there is none or it is just being written.
 *
 * @param {string} path
 * @returns {Holder | undefined}
 */
function read(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}
