import { execFileSync } from "node:child_process";

/**
 * The parent of each running process, by process id. A process that has exited but has not been reaped does not
 * count.
 */
function parents(): Map<number, number> {
  const listing = execFileSync("ps", ["-A", "-o", "pid=,ppid=,stat="], { encoding: "utf8" });
  const rows = listing
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  const running = rows.filter(([, , state]) => !state!.startsWith("Z"));
  return new Map(running.map(([pid, parent]) => [Number(pid), Number(parent)]));
}

/** The descendants of a process. */
export function descendants(pid: number): number[] {
  const all = [...parents()];
  const below = (parent: number): number[] =>
    all.filter(([, itsParent]) => itsParent === parent).flatMap(([child]) => [child, ...below(child)]);
  return below(pid);
}

/** Those of these processes that are still running. */
export function stillRunning(pids: number[]): number[] {
  const running = parents();
  return pids.filter((pid) => running.has(pid));
}
