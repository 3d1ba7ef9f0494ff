import { setTimeout as sleep } from "node:timers/promises";
import { descendants, stillRunning } from "../../kernel/testing/processes";

/** How long processes may live on after those that started them were killed, in milliseconds. */
const MOST_SURVIVAL_MS = 30_000;
/** The interval in milliseconds between two looks at them. */
const POLL_MS = 300;

/** Which processes are killed: the group of the command, or also those that lead groups of their own, as kernels do. */
export type Reach = "group" | "tree";

/**
 * Kills a command that leads a process group.
 *
 * @param pid The command's.
 * @returns All processes that it had started, whether they were killed or not.
 */
export function killTree(pid: number, reach: Reach): number[] {
  // It is stopped first, so that it starts nothing between the look and the kill.
  signal(-pid, "SIGSTOP");
  const pids = descendants(pid);
  signal(-pid, "SIGKILL");
  if (reach === "tree") for (const one of pids) signal(one, "SIGKILL");
  return pids;
}

/** Waits until none of these processes runs any more. @returns The seconds that it took; Infinity where some run on. */
export async function secondsUntilGone(pids: number[]): Promise<number> {
  const started = performance.now();
  while (performance.now() - started < MOST_SURVIVAL_MS) {
    if (stillRunning(pids).length === 0) return (performance.now() - started) / 1000;
    await sleep(POLL_MS);
  }
  return Number.POSITIVE_INFINITY;
}

/** Sends a signal to a process or, where the number is negative, to a group; one that has ended gets none. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}
