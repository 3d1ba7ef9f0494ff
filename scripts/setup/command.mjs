import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { root } from "./paths.mjs";

const KEPT_LINES = 40;
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };
const running = new Set();
let endingWith;

/** The processes that this one has started and that still run. */
export function runningPids() {
  return [...running].map((child) => child.pid);
}

/**
 * Makes a signal that ends this process end its children first, so that none goes on writing unseen; the second
 * one kills them.
 */
export function endChildrenOnSignals() {
  for (const [signal, code] of Object.entries(EXIT_CODES)) {
    process.on(signal, () => {
      for (const child of running) child.kill(endingWith ? "SIGKILL" : signal);
      endingWith = code;
      exitWithoutChildren();
    });
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
 * @returns {Promise<number>} Its exit code.
 * @throws {Error} If it cannot be started.
 */
export function run(command, args, { env = process.env, onLine } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = onLine ? ["ignore", "pipe", "pipe"] : "inherit";
    const child = spawn(command, args, { cwd: root, env, stdio });
    running.add(child);
    child.on("error", (error) => {
      running.delete(child);
      reject(new Error(`${command} cannot be started: ${error.message}`));
    });
    child.on("close", (code, signal) => {
      running.delete(child);
      if (endingWith) exitWithoutChildren();
      else resolve(code ?? EXIT_CODES[signal] ?? 1);
    });
    if (onLine) for (const output of [child.stdout, child.stderr]) createInterface(output).on("line", onLine);
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
 * @throws {Error} If it fails: with the last of the other lines.
 */
export async function runQuietly(what, command, args, { env, isProgress = () => false } = {}) {
  const lines = [];
  const code = await run(command, args, {
    env,
    onLine(line) {
      if (!isProgress(line)) lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
    },
  });
  if (code !== 0) throw new Error(`${what} failed (exit code ${code}):\n${lines.join("\n")}`);
}
