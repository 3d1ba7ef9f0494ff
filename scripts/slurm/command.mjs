import { spawnSync } from "node:child_process";
import { UsageError } from "../setup/command-line.mjs";

/**
 * Asks Slurm.
 *
 * @param {"sbatch" | "squeue" | "sacct" | "scancel"} command
 * @param {string[]} args
 * @returns {{ isRefused: boolean, output: string, refusal: string }} Whether it has failed, what it prints, and what
 *   it says was wrong, in one line.
 * @throws {UsageError} If there is no such command on this machine.
 */
export function ask(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  if (error && "code" in error && error.code === "ENOENT") {
    throw new UsageError(
      `${command} was not found: Slurm's commands are not on this machine's PATH; --dry-run shows the job scripts.`,
    );
  }
  const refusal = (error?.message ?? stderr).trim().replaceAll(/\s*\n\s*/g, "; ");
  return { isRefused: status !== 0, output: stdout ?? "", refusal };
}
