import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { stallMessage, watchDownloads } from "./downloads.mjs";
import { root } from "./paths.mjs";

/** @typedef {import("node:child_process").ChildProcess} ChildProcess */

const KEPT_LINES = 40;
/** @type {Partial<Record<NodeJS.Signals, number>>} */
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };
const isWindows = process.platform === "win32";
/** @type {Set<ChildProcess>} */
const running = new Set();
/**
 * Those that lead a group of processes of their own.
 *
 * @type {WeakSet<ChildProcess>}
 */
const leaders = new WeakSet();
/** @type {number | undefined} */
let endingWith;

/** The processes that this one has started and that still run. */
export function runningPids() {
  return [...running].flatMap(({ pid }) => pid ?? []);
}

/**
 * Makes a signal that ends this process end its children first, so that none goes on writing unseen; the second
 * one kills them.
 */
export function endChildrenOnSignals() {
  for (const [name, code] of Object.entries(EXIT_CODES)) {
    const signal = /** @type {NodeJS.Signals} */ (name);
    process.on(signal, () => {
      for (const child of running) end(child, endingWith ? "SIGKILL" : signal);
      endingWith = code;
      exitWithoutChildren();
    });
  }
}

/**
 * Sends a signal to a process that this one has started and, if it leads a group, to those that it has started.
 *
 * @param {ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function end(child, signal) {
  const { pid } = child;
  if (pid === undefined) return; // It could not be started.
  if (!leaders.has(child)) child.kill(signal);
  else if (isWindows) spawnSync("taskkill", ["/pid", `${pid}`, "/T", "/F"]);
  else {
    try {
      process.kill(-pid, signal);
    } catch {
      // All of them have ended.
    }
  }
}

function exitWithoutChildren() {
  if (running.size > 0) return;
  console.log("\nInterrupted: the same command goes on where it can.");
  process.exit(endingWith);
}

/**
 * Runs a command in the project's folder and waits for it.
 *
 * @param {string} command The program.
 * @param {string[]} args Its arguments.
 * @param {object} [options]
 * @param {NodeJS.ProcessEnv} [options.env] Its environment; this process's by default.
 * @param {(line: string) => void} [options.onLine] Gets each line of its output; without it the output goes to
 *   the terminal.
 * @param {import("./downloads.mjs").Downloads} [options.downloads] What it downloads: where nothing comes any more,
 *   the command and all that it has started are killed.
 * @param {AbortSignal} [options.signal] Ends it by SIGTERM.
 * @returns {Promise<number>} Its exit code.
 * @throws {Error} If it cannot be started, or was killed because nothing came.
 */
export function run(command, args, { env = process.env, onLine, downloads, signal } = {}) {
  return new Promise((resolve, reject) => {
    /** @type {import("node:child_process").StdioOptions} */
    const stdio = onLine ? ["ignore", "pipe", "pipe"] : "inherit";
    const child = spawn(command, args, { cwd: root, env, stdio, detached: Boolean(downloads) && !isWindows });
    running.add(child);
    const endIt = () => end(child, "SIGTERM");
    signal?.addEventListener("abort", endIt, { once: true });
    if (downloads) leaders.add(child);
    let stalled = false;
    const watch =
      downloads &&
      watchDownloads(downloads, () => {
        stalled = true;
        end(child, "SIGKILL");
      });
    child.on("error", (error) => {
      running.delete(child);
      watch?.end();
      reject(new Error(`${command} cannot be started: ${error.message}`));
    });
    child.on("close", (code, endedBy) => {
      running.delete(child);
      signal?.removeEventListener("abort", endIt);
      watch?.end();
      if (endingWith) exitWithoutChildren();
      else if (downloads && stalled) reject(new Error(stallMessage(downloads)));
      else resolve(code ?? (endedBy && EXIT_CODES[endedBy]) ?? 1);
    });
    if (!onLine || !child.stdout || !child.stderr) return;
    for (const output of [child.stdout, child.stderr]) {
      createInterface(output).on("line", (line) => {
        watch?.heard(line);
        onLine(line);
      });
    }
  });
}

/**
 * Runs a command whose output matters only when it fails.
 *
 * @param {string} what What it does, for the error.
 * @param {string} command The program.
 * @param {string[]} args Its arguments.
 * @param {object} [options]
 * @param {NodeJS.ProcessEnv} [options.env] Its environment; this process's by default.
 * @param {(line: string) => boolean} [options.isProgress] Gets each line, and says whether it only tells how far
 *   the command is.
 * @param {import("./downloads.mjs").Downloads} [options.downloads] As in `run`.
 * @throws {Error} If it fails: with the last of the other lines.
 */
export async function runQuietly(what, command, args, { env, isProgress = () => false, downloads } = {}) {
  /** @type {string[]} */
  const lines = [];
  const code = await run(command, args, {
    env,
    downloads,
    onLine(line) {
      if (!isProgress(line)) lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
    },
  });
  if (code !== 0) throw new Error(`${what} failed (exit code ${code}):\n${lines.join("\n")}`);
}
