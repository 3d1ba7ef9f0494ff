import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { host, installHost } from "../display/host";
import type { Final } from "../training/training";
import type { FinishedRun } from "./finished-run";
import { RunStore } from "./run-store";
import { ScriptProcess } from "./testing/script-process";
import { sharedExperiment } from "./testing/shared-experiment";
import "../notebook/use-environment";

const terminal = host();
const folders: string[] = [];
afterEach(() => installHost(terminal));
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "processes-"));
  folders.push(folder);
  return folder;
}

/** The experiment for a process that must train nothing itself. */
async function elsewhere() {
  const experiment = await sharedExperiment();
  return { ...experiment, start: () => assert.fail("this process trains") };
}

const configs = (seeds: number[]) => seeds.map((seed) => ({ seed }));

const parts = (runs: FinishedRun<Final>[]) =>
  runs.map(({ name, key, config, history, final, log, code }) => ({
    ...{ name, key, config, history, final, log, code },
  }));

test("processes train the runs of an experiment in a module: to those of one process, in order", async () => {
  const seeds = [3, 1, 2];
  const folder = newFolder();
  const store = new RunStore(folder, { code: () => "abc" });
  const lengths: number[] = [];
  const onHistory = (runs: { name: string }[]) => void lengths.push(runs.length);
  const runs = await store.runAll(configs(seeds), await elsewhere(), { workers: 3, onHistory });
  const alone = newFolder();
  writeFileSync(join(alone, "go"), "");
  const { text } = await new ScriptProcess("run-shared.ts", [JSON.stringify({ folder: alone, seeds })]).ended;
  const expected: FinishedRun[] = JSON.parse(text.split("\n").find((line) => line.startsWith("["))!);
  assert.deepEqual(parts(runs), parts(expected.map((run) => ({ ...run, code: "abc" }))));
  assert.deepEqual(lengths, [...lengths].sort());
  assert.equal(lengths.at(-1), 3);
  assert.ok(readdirSync(join(folder, "99-test")).every((name) => name.endsWith(".json")));
});

test("an experiment that other processes cannot load is an error that says what was expected", async () => {
  const experiment = await elsewhere();
  const store = new RunStore(newFolder());
  const two = { workers: 2 };
  const run = (other: Partial<typeof experiment>) =>
    store.runAll(configs([1]), { ...experiment, ...other }, two);
  await assert.rejects(
    store.runAll(configs([1]), { ...experiment, module: undefined! }, two),
    /the experiment of 99-test has no module, expected \{ module: \{ file, name \} \}/,
  );
  const { file, name } = experiment.module!;
  await assert.rejects(
    run({ module: { file, name: "nothing" } }),
    /shared-experiment\.ts exports no nothing, only .*sharedExperiment/,
  );
  await assert.rejects(run({ module: { file: `${file}x`, name } }), /shared-experiment\.tsx/);
  await assert.rejects(
    run({ settings: { ...experiment.settings, batchSize: 7 } }),
    /the experiment has other settings, data or another version than that of the caller/,
  );
  const none: number = 0;
  await assert.rejects(
    store.runAll(configs([1]), experiment, { workers: none }),
    /runAll: workers is 0, expected an integer ≥ 1/,
  );
});

test("a run that fails in the processes is tried three times and reported; the others are done", async () => {
  const store = new RunStore(newFolder());
  const experiment = await elsewhere();
  await assert.rejects(store.runAll(configs([1, -1, 2]), experiment, { workers: 2 }), (error: Error) => {
    assert.equal(error.name, "RunsFailedError");
    assert.match(error.message, /1 of 3 runs failed 3 times[\s\S]*seed -1: Error: no such luck/);
    return true;
  });
  assert.deepEqual(
    configs([1, -1, 2]).map((config) => store.find(config, experiment)?.name),
    ["seed 1", undefined, "seed 2"],
  );
});

test("an interrupt ends the processes within two seconds, with checkpoints, and the same call goes on", async () => {
  const folder = newFolder();
  const store = new RunStore(folder);
  const experiment = await elsewhere();
  const controller = new AbortController();
  installHost({ ...terminal, display() {}, signal: controller.signal });
  const interrupted = store.runAll(configs([101, 102]), experiment, { workers: 2, checkpointEvery: 1000 });
  const rejected = assert.rejects(interrupted, { name: "InterruptedError" });
  const files = () => readdirSync(join(folder, "99-test"));
  while (!isTraining(folder)) await sleep(20);
  await sleep(1500);
  const started = performance.now();
  controller.abort();
  await rejected;
  const took = performance.now() - started;
  assert.ok(took < 2000, `it took ${took.toFixed(0)} ms`);
  assert.deepEqual(
    files().map((name) => name.replace(/^\w+/, "")),
    [".safetensors", ".safetensors"],
  );
  installHost(terminal);
  const runs = await store.runAll(configs([101, 102]), experiment, { workers: 2 });
  assert.deepEqual(
    runs.map(({ name, history }) => [name, history.length]),
    [
      ["seed 101", 34],
      ["seed 102", 34],
    ],
  );
});

function isTraining(folder: string): boolean {
  try {
    return readdirSync(join(folder, "99-test")).filter((name) => name.endsWith(".lock")).length === 2;
  } catch {
    return false;
  }
}

test("processes load the experiment where TypeScript is read by a loader of require alone, as in the kernel", () => {
  const loader = ["--require", require.resolve("tsx/cjs")];
  const script = join(__dirname, "testing", "run-in-processes.ts");
  const { stdout, stderr } = spawnSync(process.execPath, [...loader, script, newFolder()], {
    encoding: "utf8",
  });
  assert.match(stdout, /^seed 1 and seed 2$/m, stderr);
});

test("where everything is trained anew, this process trains alone", async () => {
  const store = new RunStore(newFolder(), { fresh: true });
  let starts = 0;
  const experiment = await sharedExperiment();
  const { start } = experiment;
  experiment.start = (config, context) => {
    starts++;
    return start(config, context);
  };
  await store.runAll(configs([1]), experiment, { workers: 2 });
  assert.equal(starts, 1);
});
