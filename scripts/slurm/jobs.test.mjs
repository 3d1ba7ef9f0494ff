import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { UsageError } from "../setup/command-line.mjs";
import { root } from "../setup/paths.mjs";
import { cancel } from "./cancel.mjs";
import { jobOf } from "./engine.mjs";
import { launchesOf, readLaunch } from "./launch.mjs";
import { statusText } from "./status.mjs";
import { submit } from "./submit.mjs";

const skip = process.platform === "win32" && "Slurm runs on Linux";
const name = "01-rank";
let folder = "";
let path = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slurm-"));
  mkdirSync(join(folder, "bin"));
  path = process.env["PATH"] ?? "";
  process.env["PATH"] = `${join(folder, "bin")}${delimiter}/usr/bin${delimiter}/bin`;
  // What the machine itself may have of Slurm is not asked.
  for (const command of ["sbatch", "squeue", "sacct", "scancel"]) fake(command, "exit 1");
  fake("squeue", 'echo "slurm_load_jobs error: Invalid job id specified" >&2; exit 1');
});

afterEach(() => {
  process.env["PATH"] = path;
  rmSync(folder, { recursive: true });
});

/**
 * Puts a command of Slurm's in place, which also notes its arguments, a line for each call.
 *
 * @param {string} command
 * @param {string} program In sh.
 */
function fake(command, program) {
  const text = `#!/bin/sh\necho "$@" >> '${join(folder, `${command}.calls`)}'\n${program}\n`;
  writeFileSync(join(folder, "bin", command), text, { mode: 0o755 });
}

/** @param {string} command */
function callsOf(command) {
  const file = join(folder, `${command}.calls`);
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
}

/** The array is job 11, what depends on it 12. */
const accept = 'case "$*" in *afterany*) echo "12;cluster";; *) echo 11;; esac';

const job = (changes = {}) => ({
  ...{ name, profile: "full", workers: 3, render: false, node: process.execPath, root },
  ...{ folder: join(folder, name), records: join(folder, "records"), variables: {} },
  resources: { mem: "3G", cpus: "1" },
  ...changes,
});

/** @param {RegExp} message */
const usageError = (message) => (/** @type {unknown} */ error) =>
  error instanceof UsageError && message.test(error.message) && !error.message.includes("\n");

test("an array is submitted and a job that depends on its end, and noted", { skip }, () => {
  fake("sbatch", accept);
  const before = Date.now();
  const launch = submit(job());
  const [workers, render] = ["workers.sh", "render.sh"].map((file) => join(folder, name, file));
  assert.deepEqual(callsOf("sbatch"), [
    `--parsable ${workers}`,
    `--parsable --dependency=afterany:11 ${render} 11`,
  ]);
  assert.match(readFileSync(workers ?? "", "utf8"), /^#SBATCH --array=1-3$/m);
  assert.ok(existsSync(join(folder, name, "output")));
  assert.deepEqual(readLaunch(join(folder, name)), launch);
  const { submitted, ...rest } = launch;
  assert.ok(submitted >= before && submitted <= Date.now());
  assert.deepEqual(rest, {
    ...{ array: "11", render: "12", workers: 3, profile: "full", records: join(folder, "records") },
  });
});

test("what sbatch refuses is told with its text, and nothing is noted", { skip }, () => {
  fake(
    "sbatch",
    'printf "sbatch: error: invalid partition\\nsbatch: error: Batch job failed\\n" >&2; exit 1',
  );
  assert.throws(
    () => submit(job()),
    usageError(
      /refused the job of 01-rank: sbatch: error: invalid partition; sbatch: error: Batch job failed/,
    ),
  );
  assert.equal(readLaunch(join(folder, name)), undefined);
});

test("where the dependent job is refused, the array is cancelled", { skip }, () => {
  fake("sbatch", 'case "$*" in *afterany*) echo no >&2; exit 1;; *) echo 11;; esac');
  fake("scancel", "exit 0");
  assert.throws(() => submit(job()), usageError(/refused/));
  assert.deepEqual(callsOf("scancel"), ["11"]);
  assert.equal(readLaunch(join(folder, name)), undefined);
});

test("a notebook is not submitted again while its jobs are queued, and is afterwards", { skip }, () => {
  fake("sbatch", accept);
  submit(job());
  fake("squeue", 'case "$*" in *=12*) echo "PENDING|Dependency";; esac');
  assert.throws(() => submit(job()), usageError(/01-rank has job 12 in Slurm's queue/));
  fake("squeue", "exit 0");
  assert.equal(submit(job()).array, "11");
});

test("without Slurm on the machine, that is said", { skip }, () => {
  rmSync(join(folder, "bin", "sbatch"));
  process.env["PATH"] = join(folder, "bin");
  assert.throws(() => submit(job()), usageError(/^sbatch was not found/));
});

test("the status counts waiting, running and ended tasks, and the runs", { skip }, () => {
  const records = join(folder, "records");
  mkdirSync(records);
  for (const file of ["a.json", "b.lock"]) writeFileSync(join(records, file), "");
  const list = { launch: "slurm-11", keys: ["a", "b", "c"] };
  writeFileSync(join(records, "current.list"), JSON.stringify(list));
  utimesSync(join(records, "current.list"), Date.now() / 1000 - 60, Date.now() / 1000 - 60);
  const launch = {
    array: "11",
    render: "12",
    workers: 7,
    profile: "full",
    records,
    submitted: Date.now() - 60_000,
  };
  fake(
    "squeue",
    `case "$*" in *=11*) printf "PENDING|Priority\\nPENDING|Priority\\nRUNNING|None\\n";; *) echo "PENDING|Dependency";; esac`,
  );
  const accounted = [
    "COMPLETED|2026",
    "COMPLETED|2026",
    "CANCELLED by 0|2026",
    "FAILED|2026",
    "RUNNING|Unknown",
  ];
  fake("sacct", `printf "${accounted.join("\\n")}\\n"`);
  const lines = statusText(name, launch).split("\n");
  assert.match(lines[0] ?? "", /^01-rank, full profile, submitted \d{4}-\d\d-\d\d \d\d:\d\d UTC$/);
  assert.deepEqual(lines.slice(1, 3), [
    "  workers, job 11: 2 pending (Priority), 1 running, 4 done (2 completed, 1 cancelled, 1 failed)",
    "  notebook, job 12: 1 pending (Dependency)",
  ]);
  assert.match(lines[3] ?? "", /^ {2}runs: 1 of 3 runs done, 1 running, (59|60) an hour, 2 min left$/);
});

test("without accounting, ended tasks are those that the queue no longer has", { skip }, () => {
  const launch = {
    array: "11",
    render: "12",
    workers: 2,
    profile: "full",
    records: folder,
    submitted: Date.now(),
  };
  assert.match(
    statusText(name, launch),
    /job 11: 2 done\n {2}notebook, job 12: 1 done\n {2}runs: none are trained now$/,
  );
});

test("a queue that does not answer is no empty queue", { skip }, () => {
  fake("squeue", 'echo "Unable to contact slurm controller" >&2; exit 1');
  const launch = { array: "11", render: "12", workers: 2, profile: "full", records: folder, submitted: 0 };
  assert.throws(() => statusText(name, launch), /squeue failed: Unable to contact/);
});

test("the jobs that are left are cancelled, the dependent one first", { skip }, () => {
  const launch = { array: "11", render: "12", workers: 2, profile: "full", records: folder, submitted: 0 };
  fake("squeue", 'echo "PENDING|None"');
  fake("scancel", "exit 0");
  assert.match(cancel(name, launch), /cancelled jobs 11 and 12/);
  assert.deepEqual(callsOf("scancel"), ["12 11"]);
  fake("squeue", "exit 0");
  assert.match(cancel(name, launch), /nothing is left to cancel/);
  assert.equal(callsOf("scancel").length, 1);
});

test("where no notebook was submitted, that is said; else those that were are found", { skip }, () => {
  const folderOf = (/** @type {string} */ one) => join(folder, one);
  assert.throws(
    () => launchesOf([name, "02-other"], folderOf),
    usageError(/^Nothing was submitted to Slurm/),
  );
  fake("sbatch", accept);
  submit(job());
  assert.deepEqual(
    launchesOf([name, "02-other"], folderOf).map(({ name }) => name),
    [name],
  );
});

test("the submitter's variables are handed on, but for those that are the jobs' own", () => {
  const slurm = { action: /** @type {const} */ ("submit"), resources: { mem: "3G", cpus: "1" } };
  const request = { names: [name], profile: "full", render: true, workers: 2, device: undefined, slurm };
  const env = {
    ...{ WEIGHTSPACE_SET: "a=1", WEIGHTSPACE_DATA: "/shared", WEIGHTSPACE_PROFILE: "quick" },
    ...{ WEIGHTSPACE_THREADS: "8", WEIGHTSPACE_LAUNCH: "x", PATH: "/bin" },
  };
  const { variables, records } = jobOf(name, request, env);
  assert.deepEqual(variables, { WEIGHTSPACE_SET: "a=1", WEIGHTSPACE_DATA: "/shared" });
  assert.equal(records, join("/shared", "records", name));
});
