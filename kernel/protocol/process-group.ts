import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** The process ids of a process group; none where they cannot be found out. */
export function processesOf(group: number): number[] {
  try {
    return process.platform === "linux" ? listedInProc(group) : listedByPs(group);
  } catch {
    return [];
  }
}

function listedInProc(group: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && groupOf(name) === group)
    .map(Number);
}

/** The fifth field of /proc/PID/stat; the second, the program's name, is in parentheses and may hold any character. */
function groupOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2]);
  } catch {
    return undefined; // it has ended meanwhile
  }
}

function listedByPs(group: number): number[] {
  const lines = execFileSync("ps", ["-axo", "pid=,pgid="], { encoding: "utf8" }).trim().split("\n");
  return lines.flatMap((line) => {
    const [pid, of] = line.trim().split(/\s+/).map(Number);
    return of === group ? [pid!] : [];
  });
}
