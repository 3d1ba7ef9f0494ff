import { execFileSync } from "node:child_process";

/** All processes that still run: each one's parent by its id. One that has ended and waits to be reaped runs no more. */
function parents(): Map<number, number> {
  const listing = execFileSync("ps", ["-A", "-o", "pid=,ppid=,stat="], { encoding: "utf8" });
  const rows = listing
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  const running = rows.filter(([, , state]) => !state!.startsWith("Z"));
  return new Map(running.map(([pid, parent]) => [Number(pid), Number(parent)]));
}

/** The processes that a process has started, and those that they have, and so on. */
export function descendants(pid: number): number[] {
  const all = [...parents()];
  const below = (parent: number): number[] =>
    all.filter(([, itsParent]) => itsParent === parent).flatMap(([child]) => [child, ...below(child)]);
  return below(pid);
}

/** Those of some processes that still run. */
export function stillRunning(pids: number[]): number[] {
  const running = parents();
  return pids.filter((pid) => running.has(pid));
}
