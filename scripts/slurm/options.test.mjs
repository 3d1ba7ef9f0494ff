import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSelection, selectionUsage } from "../notebooks/select.mjs";
import { UsageError } from "../setup/command-line.mjs";

const names = ["01-convergent-rank", "04-linear-network"];
/** @param {string[]} args */
const parse = (...args) => parseSelection(["--engine", "slurm", "--profile", "full", ...args], names);

/**
 * @param {string[]} args
 * @param {RegExp} message
 */
function refuses(args, message) {
  assert.throws(
    () => parseSelection(args, names),
    (error) => error instanceof UsageError && message.test(error.message) && !error.message.includes("\n"),
  );
}

test("the local engine, the default, is asked nothing of Slurm", () => {
  assert.equal("slurm" in parseSelection([], names), false);
  assert.equal("slurm" in parseSelection(["--engine", "local"], names), false);
});

test("a task has one core and 3 GB; time and partition are the cluster's", () => {
  assert.deepEqual(parse("01").slurm, { action: "submit", resources: { mem: "3G", cpus: "1" } });
});

test("every resource can be chosen", () => {
  const { slurm } = parse("--time", "4:00:00", "--partition", "short,long", "--mem", "3500M", "--cpus", "2");
  assert.deepEqual(slurm?.resources, { time: "4:00:00", partition: "short,long", mem: "3500M", cpus: "2" });
});

test("the workers may be more than this machine's memory allows", () => {
  assert.equal(parse("--workers", "1000").workers, 1000);
  refuses(["--engine", "slurm", "--workers", "0"], /number of workers is "0"/);
  refuses(["--engine", "slurm", "--workers", "many"], /number of workers is "many"/);
});

test("the scripts are printed, or the jobs shown or cancelled, one of these at a time", () => {
  assert.equal(parse("--dry-run").slurm?.action, "dry-run");
  assert.equal(parse("--status").slurm?.action, "status");
  assert.equal(parse("--cancel").slurm?.action, "cancel");
  refuses(["--engine", "slurm", "--status", "--cancel"], /--status and --cancel exclude each other/);
});

test("an unknown engine is refused with those that exist", () => {
  refuses(["--engine", "pbs"], /no engine "pbs": choose one of local, slurm/);
});

test("Slurm's options are refused without Slurm", () => {
  for (const option of [
    "--time=1:00:00",
    "--partition=short",
    "--mem=4G",
    "--cpus=2",
    "--dry-run",
    "--status",
  ]) {
    refuses([option], /concerns Slurm: add --engine slurm/);
  }
});

test("the smoke profile, which finds no records, is refused even with one worker", () => {
  refuses(["--engine", "slurm", "--profile", "smoke"], /smoke profile trains every run anew/);
});

test("times in every form of sbatch's are taken", () => {
  for (const time of ["90", "90:30", "4:00:00", "1-12", "1-12:30", "1-12:30:00", "240:00:00"]) {
    assert.equal(parse("--time", time).slurm?.resources.time, time);
  }
});

test("a malformed time, or one too short for the notice before its end, is refused", () => {
  for (const time of ["4h", "", "1:60", "1:2:3:4", "-5", "1-", "x"]) {
    refuses(["--engine", "slurm", `--time=${time}`], /time limit is ".*", expected minutes/);
  }
  for (const time of ["9", "9:59", "0:09:59", "0-0:5"]) {
    refuses(["--engine", "slurm", `--time=${time}`], /expected 10 minutes or more/);
  }
});

test("malformed memory, cores and partitions are refused", () => {
  for (const mem of ["4GB", "0", "lots", "1.5G", ""]) {
    refuses(["--engine", "slurm", `--mem=${mem}`], /memory is ".*", expected an integer with a unit/);
  }
  for (const cpus of ["0", "1.5", "two"]) {
    refuses(["--engine", "slurm", `--cpus=${cpus}`], /number of cores is/);
  }
  for (const partition of ["", "a b", "short\n#SBATCH --exclusive"]) {
    refuses(["--engine", "slurm", `--partition=${partition}`], /^The partition is/);
  }
});

test("the usage of npm start names every option", () => {
  const usage = selectionUsage(names);
  for (const name of ["engine slurm", "time", "partition", "mem", "cpus", "dry-run", "status", "cancel"]) {
    assert.match(usage, new RegExp(`--${name}`));
  }
});
