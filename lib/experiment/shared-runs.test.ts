import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { LockAttempt } from "../files/file-lock";
import { TorchGenerator } from "../random/torch";
import type { FinishedRun } from "./finished-run";
import { RunStore } from "./run-store";
import { countingExperiment } from "./testing/counting";
import type { SharedWork } from "./testing/run-shared";
import { ScriptProcess } from "./testing/script-process";
import "../notebook/use-environment";

const folders: string[] = [];
const workers: Worker[] = [];
after(() => {
  for (const worker of workers) worker.signal("SIGKILL");
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "shared-"));
  folders.push(folder);
  return folder;
}

const go = (folder: string) => writeFileSync(join(folder, "go"), "");

/** A process that runs the small experiment with several seeds. */
class Worker extends ScriptProcess {
  constructor(work: SharedWork, prefix = "") {
    super("run-shared.ts", [JSON.stringify(work)], prefix);
    workers.push(this);
  }

  ready(): Promise<void> {
    return this.until(/^ready$/m);
  }

  /** The runs that it ended with. */
  async runs(): Promise<FinishedRun[]> {
    const { text } = await this.ended;
    const json = text.split("\n").find((line) => line.startsWith("["));
    assert.ok(json, text);
    return JSON.parse(json);
  }
}

/** What was trained: the process, the seed and the step of each step, in order. */
function stepsIn(folder: string): { pid: number; seed: number; step: number }[] {
  const lines = readFileSync(join(folder, "trained.log"), "utf8").trim().split("\n");
  return lines.map((line) => {
    const [pid, seed, step] = line.split(" ").map(Number) as [number, number, number];
    return { pid, seed, step };
  });
}

/** What must not depend on who trained a run and how often it was cut: all but the time that it took. */
const parts = (runs: FinishedRun[]) =>
  runs.map(({ name, key, config, history, final, log }) => ({ name, key, config, history, final, log }));

const undisturbed = new Map<string, Promise<FinishedRun[]>>();

/** The runs of a process that nothing disturbs. */
function expected(seeds: number[]): Promise<FinishedRun[]> {
  const known = undisturbed.get(`${seeds}`);
  if (known) return known;
  const folder = newFolder();
  go(folder);
  const runs = new Worker({ folder, seeds }).runs();
  undisturbed.set(`${seeds}`, runs);
  return runs;
}

test("three processes share the runs of one list: each run is trained once, and all return all, in order", async () => {
  const folder = newFolder();
  const seeds = [1, 2, 3, 4, 5, 6];
  const together = [0, 1, 2].map(() => new Worker({ folder, seeds, slowness: 10 }));
  for (const worker of together) await worker.ready();
  go(folder);
  const outcomes = await Promise.all(together.map((worker) => worker.runs()));
  for (const runs of outcomes) assert.deepEqual(parts(runs), parts(await expected(seeds)));
  const steps = stepsIn(folder);
  assert.equal(steps.length, seeds.length * 34);
  for (const seed of seeds) {
    const pids = new Set(steps.filter((step) => step.seed === seed).map(({ pid }) => pid));
    assert.equal(pids.size, 1, `seed ${seed}`);
  }
  assert.equal(new Set(steps.map(({ pid }) => pid)).size, 3, "all took part");
  const files = readdirSync(join(folder, "records", "99-test"));
  assert.ok(files.length === seeds.length && files.every((name) => name.endsWith(".json")), files.join(", "));
});

test("of three processes that are killed at random moments others take the runs over; the results are the same to the last bit", async () => {
  const folder = newFolder();
  const seeds = [1, 2];
  const generator = new TorchGenerator(22);
  go(folder);
  for (let kill = 0; kill < 3; kill++) {
    const pair = [0, 1].map(() => new Worker({ folder, seeds, slowness: 15 }));
    for (const worker of pair) await worker.ready();
    await sleep(400 * generator.rand([1])[0]!);
    for (const worker of pair) worker.signal("SIGKILL");
    for (const worker of pair) await worker.ended;
  }
  const runs = await new Worker({ folder, seeds }).runs();
  assert.deepEqual(parts(runs), parts(await expected(seeds)));
});

test("a process that stands still loses its run, and when it goes on overwrites nothing", async () => {
  const folder = newFolder();
  const seeds = [1];
  const work = { folder, seeds, slowness: 40, takeOverAfter: 2500 };
  const stopped = new Worker(work);
  go(folder);
  while (!/ 5$/m.test(text(join(folder, "trained.log")))) await sleep(5);
  stopped.signal("SIGSTOP");
  const other = new Worker(work);
  const runs = await other.runs();
  const record = join(folder, "records", "99-test", `${runs[0]!.key}.json`);
  const before = readFileSync(record, "utf8");
  stopped.signal("SIGCONT");
  assert.deepEqual(parts(await stopped.runs()), parts(await expected(seeds)));
  assert.equal(readFileSync(record, "utf8"), before);
  assert.deepEqual(parts(runs), parts(await expected(seeds)));
  const steps = stepsIn(folder).filter(({ pid }) => pid === other.pid);
  assert.ok(steps[0]!.step > 1, `it went on from step ${steps[0]!.step}`);
});

test("processes whose clocks differ by an hour share runs: each is trained once, and nobody is taken for dead", async () => {
  const folder = newFolder();
  const seeds = [1, 2];
  const hour = 3_600_000;
  const work = { folder, seeds, slowness: 100, takeOverAfter: 2500 };
  const together = [0, hour, -hour].map((clockAhead) => new Worker({ ...work, clockAhead }));
  for (const worker of together) await worker.ready();
  go(folder);
  const outcomes = await Promise.all(together.map((worker) => worker.runs()));
  for (const runs of outcomes) assert.deepEqual(parts(runs), parts(await expected(seeds)));
  assert.equal(stepsIn(folder).length, seeds.length * 34);
});

/** Leaves a lock as a process does that is killed. */
function leaveLock(path: string): void {
  const lock = new LockAttempt(path).take()!;
  const holder = JSON.parse(readFileSync(path, "utf8"));
  lock.release();
  const { pid } = spawnSync(process.execPath, ["--version"]);
  writeFileSync(path, JSON.stringify({ ...holder, pid }));
}

test("what a process left that was killed when its record was there is removed by the next that finds it", async () => {
  const store = new RunStore(join(newFolder(), "records"));
  const experiment = countingExperiment();
  const config = { seed: 1 };
  const { lock, checkpoint, model } = store.filesOf(config, experiment);
  const isLeft = () => [lock, checkpoint].map((path) => existsSync(path));
  await store.run(config, experiment, { keepModel: true });
  const alive = new LockAttempt(lock).take()!;
  copyFileSync(model, checkpoint);
  await store.run(config, experiment);
  assert.deepEqual(isLeft(), [true, true], "they are another's that lives");
  alive.release();
  leaveLock(lock);
  await store.run(config, experiment);
  assert.deepEqual(isLeft(), [false, false], "they were a dead process's");
});

test("the checkpoint of a training that is to keep the model of a finished run stays until it goes on", async () => {
  const store = new RunStore(join(newFolder(), "records"));
  const experiment = countingExperiment();
  const config = { seed: 1 };
  const { checkpoint, lock, model } = store.filesOf(config, experiment);
  await store.run(config, experiment, { keepModel: true });
  renameSync(model, checkpoint);
  const later = Date.now() / 1000 + 60;
  utimesSync(checkpoint, later, later);
  leaveLock(lock);
  await store.run(config, experiment);
  assert.ok(existsSync(checkpoint) && !existsSync(lock));
});

test("a run that fails is tried three times by processes that were started together, and the others go on", async () => {
  const folder = newFolder();
  const work = { folder, seeds: [1, 2, 3], slowness: 5, launch: "a", failing: [2] };
  const together = [0, 1].map(() => new Worker(work));
  for (const worker of together) await worker.ready();
  go(folder);
  const texts = await Promise.all(together.map(async (worker) => (await worker.ended).text));
  assert.equal(stepsIn(folder).filter(({ seed, step }) => seed === 2 && step === 10).length, 3);
  for (const text of texts) {
    assert.match(text, /RunsFailedError: 1 of 3 runs failed 3 times; the records of the others are kept/);
    assert.match(text, /seed 2: Error: no such luck\n +at .*run-shared\.ts:\d+/);
    assert.match(text, /printed: seed 2/);
    assert.match(text, /tried by process \d+ on \S+.*; all attempts are in \S+\.failures/);
  }
  // Processes of another launch try it again, and the failures are forgotten.
  const again = await new Worker({ ...work, launch: "b", failing: [] }).runs();
  assert.deepEqual(parts(again), parts(await expected([1, 2, 3])));
  const files = readdirSync(join(folder, "records", "99-test"));
  assert.ok(files.length === 3 && files.every((name) => name.endsWith(".json")), files.join(", "));
});

test("processes of a launch begin at different places of the list, and return its runs in order", async () => {
  const seeds = Array.from({ length: 50 }, (_, seed) => seed);
  const firsts = new Set<number | undefined>();
  for (let process = 0; process < 10; process++) {
    const trained: number[] = [];
    const store = new RunStore(newFolder(), { launch: "a" });
    const experiment = countingExperiment(({ seed }) => void trained.push(seed));
    const runs = await store.runAll(
      seeds.map((seed) => ({ seed })),
      experiment,
    );
    assert.deepEqual(
      runs.map(({ config }) => config["seed"]),
      seeds,
    );
    firsts.add(trained[0]);
  }
  assert.ok(firsts.size > 1, "ten times the same of 50 places");
});

test("without a launch the first error of a run is thrown at once, as it is", async () => {
  const folder = newFolder();
  go(folder);
  const { text } = await new Worker({ folder, seeds: [1, 2, 3], failing: [2] }).ended;
  assert.match(text, /^Error: no such luck$/m);
  assert.deepEqual([...new Set(stepsIn(folder).map(({ seed }) => seed))], [1, 2]);
});

test("processes that can write no records all return all runs, with warnings", async () => {
  const folder = newFolder();
  const seeds = [1, 2];
  go(folder);
  writeFileSync(join(folder, "records"), "a file where the folder should be");
  const together = [0, 1].map(() => new Worker({ folder, seeds, launch: "a" }));
  for (const worker of together) {
    assert.deepEqual(parts(await worker.runs()), parts(await expected(seeds)));
    const { text } = await worker.ended;
    assert.match(text, /the lock \S+ cannot be made/);
    assert.equal(text.split("cannot be written").length - 1, 2 * seeds.length, text);
  }
});

test("processes on a disk that is full all return all runs, with warnings", async () => {
  const folder = newFolder();
  const seeds = [1, 2];
  go(folder);
  // No file may grow beyond four blocks of 512 bytes, which locks fit in and records do not.
  const together = [0, 1].map(() => new Worker({ folder, seeds, launch: "a", slowness: 5 }, "ulimit -f 4;"));
  for (const worker of together) {
    assert.deepEqual(parts(await worker.runs()), parts(await expected(seeds)));
    assert.match((await worker.ended).text, /the record \S+ cannot be written: EFBIG/);
  }
});

function text(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

test("a thousand runs of a moment take less than 20 ms each besides, and their memory does not grow", async () => {
  const store = new RunStore(join(newFolder(), "records"));
  const experiment = countingExperiment();
  const seeds = (from: number) => Array.from({ length: 500 }, (_, i) => ({ seed: from + i }));
  await store.runAll(seeds(0), experiment);
  const [started, before] = [performance.now(), process.memoryUsage().rss];
  const runs = await store.runAll(seeds(500), experiment);
  const each = (performance.now() - started) / 500;
  const grown = (process.memoryUsage().rss - before) / 2 ** 20;
  assert.deepEqual(
    runs.map(({ config }) => config["seed"]),
    seeds(500).map(({ seed }) => seed),
  );
  assert.ok(each < 20, `${each.toFixed(1)} ms each`);
  assert.ok(grown < 40, `${grown.toFixed(0)} MB more`);
});
