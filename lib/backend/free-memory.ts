import os from "node:os";

/** The memory in bytes that this process can still allocate: free on the machine and allowed by its control group. */
export function freeMemory(): number {
  const limit = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  return Math.min(os.freemem(), Math.max(limit - process.memoryUsage.rss(), 0));
}
