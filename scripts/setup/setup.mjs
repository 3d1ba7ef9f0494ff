import { rmSync } from "node:fs";
import { join } from "node:path";
import { endChildrenOnSignals, run, runningPids } from "./command.mjs";
import { checkSpace } from "./disk-space.mjs";
import { withLock } from "./lock.mjs";
import { build, cache, npmFile } from "./paths.mjs";
import { isDone, make } from "./step.mjs";
import { steps } from "./steps.mjs";

/** @typedef {import("./step.mjs").Step} Step */

const lock = join(build, ".setup.lock");

/**
 * Makes all that the notebooks need: npm packages, the project's Python environment with Jupyter, the kernel's
 * place in it, the native backend, and the data. What is there already is left alone; several set-ups at once wait
 * for one another.
 *
 * @param {object} [options]
 * @param {"cpu" | "gpu"} [options.device] What TensorFlow shall run on; as before by default, at first the CPU.
 * @throws {Error} If something is missing that only the user can install, or a step fails. Nothing that is half
 *   made counts as done: the next set-up makes it anew.
 */
export async function setup({ device } = {}) {
  process.once("SIGINT", sayEnding);
  endChildrenOnSignals();
  const started = Date.now();
  const wanted = steps(device);
  if (wanted.every(isDone)) await checkData();
  else await withLock(lock, () => makeWhatIsMissing(wanted), { onWait: sayWaiting, children: runningPids });
  const without = wanted.filter((step) => !isDone(step)).map(({ name }) => name);
  const inPlace = without.length > 0 ? `in place, without ${without.join(", ")}` : "all in place";
  console.log(`Set-up  ${inPlace} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`);
}

/** @param {Step[]} wanted */
async function makeWhatIsMissing(wanted) {
  checkRequirements(wanted.filter((step) => !isDone(step)));
  for (const step of wanted) if (!isDone(step)) await make(step);
  await checkData();
  // A step that failed finds its downloads again at the next set-up.
  if (wanted.every(isDone)) rmSync(cache, { recursive: true, force: true });
}

/**
 * Finds what is missing on this machine before anything is downloaded.
 *
 * @param {Step[]} missing
 */
function checkRequirements(missing) {
  for (const { check } of missing) check?.();
  const needed = missing.reduce((sum, { space = 0 }) => sum + space, 0);
  checkSpace("The npm packages and the Python environment", needed);
}

/** npm finishes what it is unpacking before it heeds Ctrl-C. */
function sayEnding() {
  if (runningPids().length > 0) console.log("\nEnding what was started; Ctrl-C once more kills it.");
}

/** Checks the data every time, and downloads what is missing, truncated or altered: it has its own progress. */
async function checkData() {
  const code = await run(process.execPath, [
    "--require",
    npmFile("tsx", "dist/cjs/index.cjs"),
    "scripts/data.ts",
    "mnist",
  ]);
  if (code !== 0) throw new Error("The data could not be made ready: see above.");
}

/** @param {number | undefined} pid The process that makes it. */
function sayWaiting(pid) {
  console.log(`Another set-up is under way (process ${pid}): waiting for it. Its lock is ${lock}`);
}
