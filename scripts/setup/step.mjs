import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Progress } from "./progress.mjs";

/**
 * One thing that the set-up makes. It is done when its stamp, a file inside what it made, holds what
 * `stampText()` says: a hash of all that it is made from. The stamp is removed first and written last, so what
 * was interrupted, or whose ingredients have changed, is made anew.
 *
 * @typedef {object} Step
 * @property {string} name What it makes.
 * @property {string} stamp The stamp's path.
 * @property {() => string} stampText What the stamp holds when the step is done.
 * @property {(show: (text: string) => void) => Promise<void>} make Makes it, over whatever an interrupted run
 *   left, telling how far it is.
 * @property {() => void} [check] Throws if something is missing that only the user can install: called before any
 *   step is made.
 * @property {number} [space] How many bytes of disk it takes at most, downloads included.
 * @property {string} [otherwise] Where the project works without it: what its failure means.
 */

/** @param {Step} step */
export function isDone({ stamp, stampText }) {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === stampText();
}

/**
 * @param {Step} step
 * @throws {Error} If it cannot be made and the project does not work without it.
 */
export async function make({ name, stamp, stampText, make, otherwise }) {
  const progress = new Progress(name);
  rmSync(stamp, { force: true });
  try {
    await make((text) => progress.show(text));
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, stampText());
    progress.end("done");
  } catch (error) {
    progress.end("failed");
    if (!otherwise) throw error;
    console.log(`${/** @type {Error} */ (error).message}\n${otherwise}\n`);
  }
}
