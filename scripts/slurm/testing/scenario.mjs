import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { executeInto } from "../../notebooks/execute.mjs";
import { dataFolder, recordsFolder } from "../../notebooks/workers.mjs";
import { run } from "../../setup/command.mjs";
import { build } from "../../setup/paths.mjs";
import { makeDataFolder } from "../../testing/data-folder.cjs";
import { jobsFolder, readLaunch } from "../launch.mjs";
import { queuedTasks } from "../queue.mjs";
import { Checks } from "./checks.mjs";
import { until, variableOf } from "./cluster.mjs";

/** @typedef {import("./cluster.mjs").Cluster} Cluster */

/** The notebook; it has about twenty runs of some seconds each, long enough to be hit in the middle. */
export const NAME = "01-convergent-rank";
const SET = JSON.stringify({
  ...{ evolutions: 1, pruneEvolutions: 1, decays: [0] },
  ...{ nets: 6, netDecays: [0.01], netEpochs: 60, taskEpochs: 30, longEpochs: 30 },
});
/** The seconds that one thing takes at most: a hundred or so on an idle machine, many times that on a busy one. */
const PATIENCE = 1200;

/**
 * Executes a notebook by Slurm's workers, of which one comes to its time limit and one loses its node, and compares
 * the records with those of one process that nothing happens to.
 *
 * @param {Cluster} cluster
 * @returns {Promise<number>} How many facts were found to hold.
 * @throws {Error} At the first that does not.
 */
export async function testWorkers(cluster) {
  process.env["SLURM_CONF"] = cluster.configuration;
  const checks = new Checks();
  const controller = new AbortController();
  const data = { slurm: ownDataFolder(cluster, "slurm"), single: ownDataFolder(cluster, "single") };
  const single = executeAlone(cluster, data.single, controller.signal);
  try {
    await useCluster(cluster, data.slurm, checks);
    await cancelJobs(data.slurm, checks);
    const { code, error } = await single;
    checks.add("one process alone executes the notebook", () => assert.equal(code, 0, error));
    checks.add("the workers' records equal those of one process that nothing happened to", () =>
      assert.deepEqual(readRecords(data.slurm), readRecords(data.single)),
    );
    return checks.count;
  } catch (error) {
    console.error((await npmStart(data.slurm, "--status")).text);
    throw error;
  } finally {
    controller.abort();
    await single;
  }
}

/**
 * @param {Cluster} cluster
 * @param {string} data
 * @param {Checks} checks
 */
async function useCluster(cluster, data, checks) {
  const started = Date.now();
  const submitted = await npmStart(data, "--workers", "3");
  checks.add("a notebook is submitted", () => assert.equal(submitted.code, 0, submitted.text));
  const { array, render } = launch();
  await checkQueue(data, array, checks);
  await endByTimeLimit(cluster, data, array, checks);
  await loseNode(cluster, data, array, checks);
  await until("all workers have ended", PATIENCE, () => queuedTasks(array).length === 0);
  const restarts = [1, 2, 3].map((task) => /restarts: 1/.test(outputOf(`worker-${array}-${task}`)));
  checks.add("the two tasks that were cut, and no other, have started twice", () =>
    assert.deepEqual(restarts, [true, true, false]),
  );
  checks.add("no lock and no checkpoint is left", () =>
    assert.deepEqual([filesIn(data, ".lock"), filesIn(data, ".safetensors")], [[], []]),
  );
  const records = filesIn(data, ".json").length;
  await until("the notebook's job has ended", PATIENCE, () => queuedTasks(render).length === 0);
  checks.add("the dependent job executes the notebook from the records", () => {
    const text = outputOf(`render-${render}`);
    assert.match(text, /last hidden rank on ten digits/, text);
    assert.equal(filesIn(data, ".json").length, records);
    assert.ok(statSync(join(build, `${NAME}.ipynb`)).mtimeMs > started);
  });
}

/**
 * @param {string} data
 * @param {string} array
 * @param {Checks} checks
 */
async function checkQueue(data, array, checks) {
  await until("two tasks run", 60, () => states(array).filter((state) => state === "running").length === 2);
  const status = await npmStart(data, "--status");
  checks.add("the status counts tasks and runs", () => {
    assert.match(status.text, new RegExp(`workers, job ${array}: .*2 running`));
    assert.match(status.text, /notebook, job \d+: 1 pending \(Dependency\)/);
  });
  const again = await npmStart(data);
  checks.add("a second submission is refused while the first is queued", () => {
    assert.equal(again.code, 2);
    assert.match(again.text, /in Slurm's queue/);
  });
}

/**
 * Sends the first worker the signal that comes before a time limit, to its batch shell alone.
 *
 * @param {Cluster} cluster
 * @param {string} data
 * @param {string} array
 * @param {Checks} checks
 */
async function endByTimeLimit(cluster, data, array, checks) {
  const interrupted = await runUnderWay("1", data);
  const checkpoint = join(recordsFolder(NAME, { WEIGHTSPACE_DATA: data }), `${interrupted}.safetensors`);
  const writtenAt = () => statSync(checkpoint, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const earlier = writtenAt();
  cluster.ask("scancel", ["--signal=USR1", "--batch", `${array}_1`]);
  await until("the first worker writes a checkpoint", 20, () => writtenAt() > earlier);
  await until("its task queues again", 10, () => states(`${array}_1`)[0] === "pending");
  checks.add("a worker whose time is up writes a checkpoint, and its task queues again", () => {
    assert.match(outputOf(`worker-${array}-1`), /this task queues again/);
    assert.equal(runOf("1", data), "");
  });
}

/**
 * Kills the node of the second worker while this trains, and brings it back.
 *
 * @param {Cluster} cluster
 * @param {string} data
 * @param {string} array
 * @param {Checks} checks
 */
async function loseNode(cluster, data, array, checks) {
  const lost = await nextRunOf("2", data);
  const killed = cluster.kill("n2");
  checks.add("a node is lost with its worker, and the worker's lock stays", () => {
    assert.ok(killed >= 5, `${killed} processes, expected batch shell, worker, Python and the kernel's two`);
    assert.ok(filesIn(data, ".lock").includes(lost));
  });
  await until("its task queues again", 60, () => states(`${array}_2`)[0] === "pending");
  cluster.startNode("n2");
}

/**
 * @param {string} data
 * @param {Checks} checks
 */
async function cancelJobs(data, checks) {
  await npmStart(data, "--workers", "2");
  const { array, render } = launch();
  const { code, text } = await npmStart(data, "--cancel");
  await until("the cancelled jobs have ended", 60, () => [...states(array), ...states(render)].length === 0);
  checks.add("array and dependent job are cancelled", () => {
    assert.equal(code, 0, text);
    assert.match(text, new RegExp(`cancelled jobs ${array} and ${render}`));
  });
}

/**
 * A folder with this project's data sets and with records of its own.
 *
 * @param {Cluster} cluster
 * @param {string} name
 */
function ownDataFolder(cluster, name) {
  const folder = join(cluster.folder, name);
  makeDataFolder(folder, dataFolder());
  mkdirSync(join(folder, "records"));
  return folder;
}

/**
 * @param {Cluster} cluster
 * @param {string} data
 * @param {AbortSignal} signal
 */
function executeAlone(cluster, data, signal) {
  const env = {
    ...environment(data),
    ...{ WEIGHTSPACE_PROFILE: "quick", WEIGHTSPACE_THREADS: "1", OMP_NUM_THREADS: "1" },
    WEIGHTSPACE_RESULTS: join(cluster.folder, "results"),
  };
  return executeInto(data, NAME, { env, signal });
}

/**
 * Calls `npm start` for the notebook with the Slurm engine.
 *
 * @param {string} data
 * @param {string[]} args
 */
async function npmStart(data, ...args) {
  /** @type {string[]} */
  const lines = [];
  const code = await run(process.execPath, ["scripts/start.mjs", NAME, "--engine", "slurm", ...args], {
    env: environment(data),
    onLine: (line) => lines.push(line),
  });
  return { code, text: lines.join("\n") };
}

/** @param {string} data */
const environment = (data) => ({ ...process.env, WEIGHTSPACE_DATA: data, WEIGHTSPACE_SET: SET });

const launch = () => readLaunch(jobsFolder(NAME)) ?? assert.fail("expected a launch");

/** @param {string} id */
const states = (id) => queuedTasks(id).map(({ state }) => state);

/** @param {string} name */
const outputOf = (name) => readFileSync(join(jobsFolder(NAME), "output", `${name}.txt`), "utf8");

/**
 * The names, without their endings, of a kind of files in the folder of records.
 *
 * @param {string} data
 * @param {string} ending
 */
function filesIn(data, ending) {
  const folder = recordsFolder(NAME, { WEIGHTSPACE_DATA: data });
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(ending))
      .map((name) => name.slice(0, -ending.length));
  } catch {
    return []; // The first worker makes the folder.
  }
}

/**
 * The run that a task of the array trains: the one whose lock a process of the task holds.
 *
 * @param {string} task
 * @param {string} data
 * @returns {string} Empty where there is none.
 */
function runOf(task, data) {
  const folder = recordsFolder(NAME, { WEIGHTSPACE_DATA: data });
  const isHeld = (/** @type {string} */ run) =>
    variableOf(holderOf(join(folder, `${run}.lock`)), "SLURM_ARRAY_TASK_ID") === task;
  return filesIn(data, ".lock").find(isHeld) ?? "";
}

/**
 * Waits until a task has trained a run for a moment. It is not the first run: before its first step, for which TensorFlow
 * is loaded, there is nothing to write a checkpoint of.
 *
 * @param {string} task
 * @param {string} data
 */
async function runUnderWay(task, data) {
  await nextRunOf(task, data);
  for (;;) {
    const run = await nextRunOf(task, data);
    await sleep(1000);
    if (runOf(task, data) === run) return run;
  }
}

/**
 * Waits until a task starts to train a run.
 *
 * @param {string} task
 * @param {string} data
 */
async function nextRunOf(task, data) {
  const earlier = runOf(task, data);
  let run = "";
  await until(`worker ${task} starts a run`, PATIENCE, () => {
    run = runOf(task, data);
    return run !== "" && run !== earlier;
  });
  return run;
}

/**
 * @param {string} lock
 * @returns {number} 0 where it was just given back.
 */
function holderOf(lock) {
  try {
    return JSON.parse(readFileSync(lock, "utf8")).pid;
  } catch {
    return 0;
  }
}

/**
 * What the records say, by their keys, without the times that runs took.
 *
 * @param {string} data
 */
function readRecords(data) {
  const folder = recordsFolder(NAME, { WEIGHTSPACE_DATA: data });
  const entries = filesIn(data, ".json").map((run) => {
    const { key, config, history, final } = JSON.parse(
      readFileSync(join(folder, `${run}.json`), "utf8"),
      withoutTimes,
    );
    return [run, { key, config, history, final }];
  });
  assert.ok(entries.length > 10, `${folder} has ${entries.length} records`);
  return Object.fromEntries(entries);
}

/**
 * @param {string} name
 * @param {unknown} value
 */
const withoutTimes = (name, value) => (/seconds$/i.test(name) ? undefined : value);
