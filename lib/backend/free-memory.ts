import os from "node:os";

/** What memory a process can still take, in bytes: what the machine has free, within the process's control group. */
export function freeMemory(): number {
  const limit = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  return Math.min(os.freemem(), Math.max(limit - process.memoryUsage.rss(), 0));
}
