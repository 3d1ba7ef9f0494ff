import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { renderScript, workerScript } from "./batch-scripts.mjs";

const temporary = mkdtempSync(join(tmpdir(), "slurm-"));
after(() => rmSync(temporary, { recursive: true }));

const noBash = spawnSync("bash", ["--version"]).error && "there is no bash";

/** @param {Partial<import("./batch-scripts.mjs").Job>} changes */
const jobWith = (changes = {}) => ({
  ...{ name: "01-rank", profile: "full", workers: 64, render: true, node: "/usr/bin/node", root: "/project" },
  ...{ folder: "/project/build/slurm/01-rank", records: "/data/records/01-rank", variables: {} },
  resources: { mem: "3G", cpus: "1" },
  ...changes,
});

/** @param {string} script */
const optionsOf = (script) => Array.from(script.matchAll(/^#SBATCH (.*)$/gm), ([, option]) => option);

test("the workers' array asks for what was chosen, and leaves the rest to the cluster", () => {
  const common = [
    ...["--ntasks=1", "--cpus-per-task=1", "--mem=3G", "--chdir=/project"],
    "--output=/project/build/slurm/01-rank/output/worker-%A-%a.txt",
    ...["--open-mode=append", "--requeue", "--signal=B:USR1@120"],
  ];
  assert.deepEqual(optionsOf(workerScript(jobWith())), ["--job-name=01-rank", "--array=1-64", ...common]);
  const resources = { mem: "4G", cpus: "2", time: "4:00:00", partition: "short" };
  const options = optionsOf(workerScript(jobWith({ resources })));
  for (const option of ["--partition=short", "--time=4:00:00", "--mem=4G", "--cpus-per-task=2"]) {
    assert.ok(options.includes(option), option);
  }
});

test("the dependent job executes the notebook as npm start does", () => {
  const command = (/** @type {string} */ script) => script.trim().split("\n").at(-1);
  assert.equal(
    command(renderScript(jobWith())),
    "exec /usr/bin/node scripts/start.mjs 01-rank --profile full --render",
  );
  assert.match(command(renderScript(jobWith({ profile: "quick", render: false }))) ?? "", /--profile quick$/);
  assert.deepEqual(
    optionsOf(renderScript(jobWith())).filter((option) => /array|signal/.test(option ?? "")),
    [],
  );
});

test("sbatch finds every option: only comments and empty lines stand before them", () => {
  for (const script of [workerScript(jobWith()), renderScript(jobWith())]) {
    const lines = script.split("\n");
    const last = lines.findLastIndex((line) => line.startsWith("#SBATCH"));
    assert.deepEqual(
      lines.slice(0, last).filter((line) => line !== "" && !line.startsWith("#")),
      [],
    );
  }
});

/**
 * Runs a worker's script with a program in Node's place that prints its variables and its arguments; and with a scontrol
 * that notes what it is asked.
 *
 * @param {string} program The program's text, in bash.
 * @param {Partial<import("./batch-scripts.mjs").Job>} [changes]
 */
function start(program, changes) {
  const root = join(mkdtempSync(join(temporary, "job-")), "it's a folder");
  mkdirSync(root);
  /**
   * @param {string} name
   * @param {string} text
   */
  const write = (name, text) => {
    writeFileSync(join(root, name), `#!/bin/bash\n${text}`, { mode: 0o755 });
    return join(root, name);
  };
  const node = write("node", program);
  write("scontrol", `echo "$@" > ${JSON.stringify(join(root, "requeued"))}`);
  const script = write("workers.sh", workerScript(jobWith({ node, root, folder: root, ...changes })));
  const child = spawn("bash", [script], {
    cwd: root,
    env: {
      PATH: `${root}:${process.env["PATH"]}`,
      ...{ SLURM_ARRAY_JOB_ID: "7", SLURM_ARRAY_TASK_ID: "3", SLURM_CPUS_PER_TASK: "2" },
    },
  });
  let text = "";
  for (const output of [child.stdout, child.stderr]) output.on("data", (chunk) => (text += chunk));
  const ended = once(child, "close").then(([code]) => {
    const file = join(root, "requeued");
    return { code, text, requeued: existsSync(file) ? readFileSync(file, "utf8").trim() : "" };
  });
  const says = async (/** @type {string} */ word) => {
    while (!text.includes(word)) await sleep(20);
  };
  return { root, child, ended, says };
}

test("a worker gets the submitter's variables, its threads, its launch and a folder of its own", {
  skip: noBash,
}, async () => {
  const set = `{"text": "it's $HOME"}`;
  const { root, ended } = start('printf "%s\\n" "$@"; env', { variables: { WEIGHTSPACE_SET: set } });
  const { code, text, requeued } = await ended;
  assert.equal(code, 0, text);
  const lines = text.split("\n");
  const own = join(root, "workers", "7-3");
  for (const line of [
    ...["scripts/slurm-worker.mjs", "01-rank", own, `WEIGHTSPACE_RESULTS=${join(own, "results")}`],
    ...[`WEIGHTSPACE_SET=${set}`, "WEIGHTSPACE_PROFILE=full", "WEIGHTSPACE_LAUNCH=slurm-7"],
    ...["WEIGHTSPACE_THREADS=2", "OMP_NUM_THREADS=2"],
  ]) {
    assert.ok(lines.includes(line), `${line} is missing in ${text}`);
  }
  assert.equal(requeued, "");
});

test("a worker that fails fails its task", { skip: noBash }, async () => {
  const { code, requeued } = await start("exit 3").ended;
  assert.deepEqual([code, requeued], [3, ""]);
});

/** Ends half a second after it is asked to, as a worker that writes a checkpoint. */
const slow = 'trap "sleep 0.5; echo saved; exit 143" TERM; echo ready; while :; do sleep 0.05; done';

test("before its time limit the task ends its worker, waits for that, and queues again", {
  skip: noBash,
}, async () => {
  const { child, ended, says } = start(slow);
  await says("ready");
  child.kill("SIGUSR1");
  const { code, text, requeued } = await ended;
  assert.match(text, /saved/);
  assert.deepEqual([code, requeued], [143, "requeue 7_3"]);
});

test("a cancelled task ends its worker, waits for that, and does not queue again", {
  skip: noBash,
}, async () => {
  const { child, ended, says } = start(slow);
  await says("ready");
  child.kill("SIGTERM");
  child.kill("SIGTERM");
  const { code, text, requeued } = await ended;
  assert.match(text, /saved/);
  assert.deepEqual([code, requeued], [143, ""]);
});

test("a worker that comes to its end within the notice does not queue again", { skip: noBash }, async () => {
  const { child, ended, says } = start('trap "" TERM; echo ready; sleep 0.5');
  await says("ready");
  child.kill("SIGUSR1");
  const { code, requeued } = await ended;
  assert.deepEqual([code, requeued], [0, ""]);
});
