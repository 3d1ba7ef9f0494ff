import { statfsSync } from "node:fs";
import { root } from "./paths.mjs";

/**
 * Checks that the project's disk has room.
 *
 * @param {string} what What is going to be made.
 * @param {number} needed How many bytes it takes while it is made.
 * @param {number} [free] How many there are.
 * @throws {Error} If there are fewer.
 */
export function checkSpace(what, needed, free = freeSpace()) {
  if (free >= needed) return;
  /** @param {number} bytes */
  const gigabytes = (bytes) => `${(bytes / 1e9).toFixed(1)} GB`;
  throw new Error(
    `${what} need ${gigabytes(needed)} of disk while they are made; ${root} has ${gigabytes(free)}.`,
  );
}

function freeSpace() {
  const { bavail, bsize } = statfsSync(root);
  return bavail * bsize;
}
