import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import type { Environment } from "../experiment/results";
import { projectFolder } from "./project";

const COMPUTING = ["@tensorflow/tfjs", "ml-matrix", "tslab"];

/** Describes this machine, the versions of the packages that compute, and the commit of the code. */
export function environment(): Environment {
  return {
    code: codeVersion(),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? "unknown",
    threads: availableParallelism(),
    packages: Object.fromEntries(COMPUTING.map((name) => [name, installedVersion(name)])),
  };
}

function codeVersion(): string {
  const commit = git("rev-parse", "--short=12", "HEAD");
  if (!commit) return "unknown";
  return git("status", "--porcelain", "--", "lib") ? `${commit}+` : commit;
}

function git(...args: string[]): string {
  const { status, stdout } = spawnSync("git", args, { cwd: projectFolder, encoding: "utf8" });
  return status === 0 ? stdout.trim() : "";
}

function installedVersion(name: string): string {
  const file = join(projectFolder, "node_modules", name, "package.json");
  return JSON.parse(readFileSync(file, "utf8")).version;
}
