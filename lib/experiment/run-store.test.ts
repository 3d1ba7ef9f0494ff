import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { tf } from "../backend/tf";
import { readCheckpoint, writeCheckpoint } from "../checkpoint/checkpoint";
import { host, installHost } from "../display/host";
import { FileLock } from "../files/file-lock";
import { writeAtomically } from "../files/write-atomically";
import type { MLP } from "../models/mlp/mlp";
import type { Row, Training } from "../training/training";
import type { RunContext } from "./experiment";
import type { FinishedRun } from "./finished-run";
import { runFiles } from "./record";
import { keyOf } from "./run-key";
import { RunStore } from "./run-store";
import { countingExperiment } from "./testing/counting";
import type { Event } from "./testing/run-small";
import { type Ended, ScriptProcess } from "./testing/script-process";
import { smallExperiment } from "./testing/small-experiment";
import "../notebook/use-environment";

const terminal = host();
const folders: string[] = [];
afterEach(() => installHost(terminal));
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A store without records, and the folder in which its own will lie. */
function emptyStore(): { folder: string; records: string; store: RunStore } {
  const folder = mkdtempSync(join(tmpdir(), "run-"));
  folders.push(folder);
  const records = join(folder, "records");
  return { folder, records, store: new RunStore(records, { code: () => "abc" }) };
}

interface ChildEnded extends Ended {
  /** The steps that it has done, where it came to the end of the run. */
  steps: number[];
  finished: FinishedRun;
}

/** The small experiment in a process of its own, on one thread. */
class Child {
  readonly ended: Promise<ChildEnded>;
  private readonly process: ScriptProcess;

  constructor(records: string, event: Partial<Event> = {}, { checkpointEvery = 0, prefix = "" } = {}) {
    const args = [records, JSON.stringify(event), `${checkpointEvery}`];
    this.process = new ScriptProcess("run-small.ts", args, prefix);
    this.ended = this.process.ended.then(({ signal, text }) => {
      const json = text.split("\n").find((line) => line.startsWith("{")) ?? "{}";
      return { steps: [], ...JSON.parse(json), signal, text };
    });
  }

  /** Waits until it has printed something. */
  until(pattern: RegExp): Promise<void> {
    return this.process.until(pattern);
  }

  kill(): void {
    this.process.signal("SIGKILL");
  }
}

let expected: Promise<FinishedRun> | undefined;

/** The small experiment in a process that nothing disturbs. */
function undisturbed(): Promise<FinishedRun> {
  expected ??= new Child(emptyStore().records).ended.then(({ finished }) => finished);
  return expected;
}

/** Asserts that a run is that of a process that trained it without a pause, to the last bit. */
async function assertUndisturbed(actual: FinishedRun): Promise<void> {
  const expected = await undisturbed();
  assert.equal(expected.history.length, 34);
  for (const part of ["history", "final", "log", "config", "key"] as const) {
    assert.deepEqual(actual[part], expected[part]);
  }
}

const filesIn = (records: string) => readdirSync(join(records, "99-test")).sort();

test("a run that is killed and twice asked to end comes on one thread to the result of an undisturbed one", async () => {
  const { records } = emptyStore();
  const { key } = await undisturbed();
  const { signal: killed } = await new Child(records, { step: 7, signal: "SIGKILL" }).ended;
  assert.equal(killed, "SIGKILL");
  // Checkpoints are written by the signals alone, in the first epoch and in the second.
  for (const [step, name] of [[12, "SIGTERM"] as const, [25, "SIGINT"] as const]) {
    const { signal, text } = await new Child(records, { step, signal: name }, { checkpointEvery: 1000 })
      .ended;
    assert.equal(signal, name, text);
    assert.deepEqual(filesIn(records), [`${key}.safetensors`]);
    assert.ok(readCheckpoint(runFiles(records, "99-test", key).checkpoint, key).step >= step);
  }
  const { finished, steps } = await new Child(records).ended;
  assert.ok(steps[0]! > 25, `it went on from step ${steps[0]}`);
  await assertUndisturbed(finished);
  assert.deepEqual(filesIn(records), [`${key}.json`]);
});

test("of two processes on one run the second waits and takes the first's record", async () => {
  const { folder, records } = emptyStore();
  const go = join(folder, "go");
  const first = new Child(records, { step: 20, waitsFor: go });
  await first.until(/^step 20$/m);
  const second = new Child(records);
  await second.until(/seed 1: process \d+ on \S+ trains this run; waiting for its record/);
  writeFileSync(go, "");
  assert.equal((await first.ended).steps.length, 34);
  const { finished, steps, text } = await second.ended;
  assert.deepEqual(steps, []);
  assert.match(text, /seed 1: from the record of commit/);
  await assertUndisturbed(finished);
  assert.deepEqual(filesIn(records), [`${finished.key}.json`]);
});

test("of two processes on one run the second takes over where the first is killed", async () => {
  const { folder, records } = emptyStore();
  const first = new Child(records, { step: 20, waitsFor: join(folder, "never") });
  await first.until(/^step 20$/m);
  const second = new Child(records);
  await second.until(/waiting for its record/);
  first.kill();
  const { finished, steps } = await second.ended;
  assert.ok(steps[0]! > 10 && steps[0]! <= 20, `it went on from step ${steps[0]}`);
  await assertUndisturbed(finished);
  assert.deepEqual(filesIn(records), [`${finished.key}.json`]);
});

test("waiting for another process's record can be interrupted", async () => {
  const { store } = emptyStore();
  const experiment = await smallExperiment(() => assert.fail("it trains"));
  const { lock: path } = store.filesOf({ seed: 1 }, experiment);
  const { signal: never } = new AbortController();
  const lock = await FileLock.acquire(path, { onWait() {}, isDone: () => false, signal: never });
  const controller = new AbortController();
  const display = () => controller.abort(); // of the text that it waits
  installHost({ ...terminal, display, signal: controller.signal });
  await assert.rejects(store.run({ seed: 1 }, experiment), { name: "InterruptedError" });
  lock!.release();
});

test("a disk that is full is warned of with the path, and the result is returned", async () => {
  const { records } = emptyStore();
  // No file may grow beyond a block of 512 bytes, which the lock fits in.
  const { finished, text } = await new Child(records, {}, { prefix: "ulimit -f 1;" }).ended;
  await assertUndisturbed(finished);
  const { record, checkpoint } = runFiles(records, "99-test", finished.key);
  for (const path of [record, checkpoint]) {
    assert.equal(text.split(`${path} cannot be written: EFBIG`).length, 2, text);
  }
  assert.deepEqual(filesIn(records), []);
});

test("a folder that cannot be made is warned of with the path, and the result is returned", async ({
  mock,
}) => {
  const { folder, store } = emptyStore();
  const warn = mock.method(console, "warn", () => {});
  writeFileSync(join(folder, "records"), "a file");
  const { history } = await store.run({ seed: 1 }, await smallExperiment(), { checkpointEvery: 0 });
  assert.equal(history.length, 34);
  const warnings = warn.mock.calls.map(({ arguments: [line] }) => String(line));
  assert.deepEqual(
    warnings.map((line) => /^the (\w+) \S+\/records\/99-test\/\w+\.\w+ cannot be/.exec(line)?.[1]),
    ["lock", "checkpoint", "record"],
  );
});

test("nothing listens to signals before a run and after it, and a program's own listener is left alone", async () => {
  const { store } = emptyStore();
  const counts = () => ["SIGTERM", "SIGHUP", "SIGINT"].map((name) => process.listenerCount(name));
  const own = () => {};
  process.on("SIGHUP", own);
  for (let i = 0; i < 3; i++) await nextTurn(); // the listeners of the test before are removed in a later turn
  const before = counts();
  let during: number[] = [];
  await store.run(
    { seed: 1 },
    await smallExperiment(() => {
      during = counts();
    }),
  );
  for (let i = 0; i < 3; i++) await nextTurn();
  assert.deepEqual(counts(), before);
  assert.deepEqual(during, [before[0]! + 1, before[1], before[2]! + 1]);
  process.off("SIGHUP", own);
});

test("a finished run is taken from its record; another configuration or version, or fresh, trains", async ({
  mock,
}) => {
  const { store } = emptyStore();
  const log = mock.method(console, "log", () => {});
  let trained = 0;
  const experiment = await smallExperiment(() => {
    trained++;
  });
  const [first] = await store.runAll([{ seed: 1 }, { seed: 2 }], experiment);
  assert.equal(trained, 68);
  assert.deepEqual(await store.run({ seed: 1 }, experiment), first);
  assert.equal((await store.run({ seed: 1 }, { ...experiment, nameOf: () => "renamed" })).name, "renamed");
  assert.equal(trained, 68);
  await store.run({ seed: 1 }, { ...experiment, version: 2 });
  await store.run({ seed: 1 }, experiment, { fresh: true });
  assert.equal(trained, 136);
  await store.runAll([{ seed: 1 }, { seed: 2 }, { seed: 3 }], experiment);
  assert.equal(trained, 170);
  const lines = log.mock.calls.map(({ arguments: [line] }) => line).filter((line) => /record/.test(line));
  assert.match(lines[0], /^seed 1: from the record of commit \S+, trained in \S+ s$/);
  assert.match(lines.at(-1), /^2 of 3 runs: from the records of commit \S+, trained in \S+ s$/);
});

test("an interrupt ends the run before its next step; the same call goes on from there", async () => {
  const { store } = emptyStore();
  const controller = new AbortController();
  const steps: number[] = [];
  const experiment = await smallExperiment((step) => {
    steps.push(step);
    if (step === 10) controller.abort();
  });
  installHost({ ...terminal, display() {}, signal: controller.signal });
  await assert.rejects(store.run({ seed: 1 }, experiment), /interrupted after 10 of 34 steps/);
  installHost(terminal);
  const { history } = await store.run({ seed: 1 }, experiment);
  assert.deepEqual(steps, [...history.map(({ step }) => step)]);
  assert.equal(history.length, 34);
});

test("a training that is over early ends there, with lists in its result, and is not repeated", async () => {
  const { store } = emptyStore();
  const experiment = await smallExperiment();
  const early = {
    ...experiment,
    start(config: { seed: number }, context: RunContext) {
      const training = experiment.start(config, context);
      training.isOver = (history) => history.some(({ step }) => step === 10);
      const result = (history: Row[]) => ({
        losses: history.map(({ loss }) => loss!),
        count: history.length,
      });
      return Object.assign(training, { result }) as Training<{ losses: number[]; count: number }>;
    },
  };
  const { final, history } = await store.run({ seed: 1 }, early);
  assert.deepEqual(
    history.map(({ step }) => step),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  );
  assert.deepEqual(final, { losses: history.map(({ loss }) => loss), count: 10 });
  assert.deepEqual((await store.run({ seed: 1 }, early)).final, final);
});

test("a checkpoint that is damaged, or of another network, is set aside with its path, and the run starts anew", async ({
  mock,
}) => {
  const { store } = emptyStore();
  const warn = mock.method(console, "warn", () => {});
  const steps: number[] = [];
  const experiment = await smallExperiment((step) => {
    steps.push(step);
  });
  const key = keyOf({ seed: 1 }, experiment);
  const { checkpoint, record } = store.filesOf({ seed: 1 }, experiment);
  const foreign = { state: { w: { shape: [1], values: Float32Array.of(1) } }, key, step: 3 };
  const contents = [
    () => writeAtomically(checkpoint, "half"),
    () => writeCheckpoint(checkpoint, { ...foreign, progress: { history: [], log: ["old"], seconds: 1 } }),
    () => writeCheckpoint(checkpoint, { ...foreign, progress: { history: [{ step: null }] } }),
  ];
  for (const write of contents) {
    rmSync(record, { force: true });
    write();
    const bytes = readFileSync(checkpoint);
    const { history, log } = await store.run({ seed: 1 }, experiment);
    assert.deepEqual([history.length, log.length, log[0]], [34, 3, "seed 1"]);
    assert.deepEqual(readFileSync(`${checkpoint}.damaged`), bytes);
  }
  assert.equal(steps.length, 3 * 34);
  assert.equal(warn.mock.callCount(), 3);
  for (const {
    arguments: [line],
  } of warn.mock.calls) {
    assert.ok(String(line).startsWith(`the checkpoint ${checkpoint} cannot be used: `), String(line));
  }
});

test("a run is found among committed results too; a store may train everything anew; records name the code", async () => {
  const { folder, store } = emptyStore();
  const trained: number[] = [];
  const experiment = countingExperiment(({ seed }) => void trained.push(seed));
  const first = await store.run({ seed: 1 }, experiment);
  assert.equal(first.code, "abc");
  const path = join(folder, "results.json");
  writeFileSync(path, JSON.stringify({ runs: [first] }));
  const committed = (notebook: string) => (notebook === "99-test" ? path : assert.fail(notebook));
  const other = new RunStore(join(folder, "others"), { committed });
  assert.deepEqual(await other.run({ seed: 1 }, experiment), first);
  assert.equal((await other.run({ seed: 2 }, experiment)).code, "unknown");
  assert.deepEqual(trained, [1, 2]);
  const always = new RunStore(join(folder, "others"), { committed, fresh: true });
  await always.runAll([{ seed: 1 }, { seed: 2 }], experiment);
  await always.run({ seed: 2 }, experiment, { fresh: false });
  assert.deepEqual(trained, [1, 2, 1, 2]);
});

test("a damaged record is set aside, and the run is trained anew and found again", async ({ mock }) => {
  const { store } = emptyStore();
  const warn = mock.method(console, "warn", () => {});
  const experiment = await smallExperiment();
  await store.run({ seed: 1 }, experiment);
  const { record } = store.filesOf({ seed: 1 }, experiment);
  writeFileSync(record, readFileSync(record).subarray(0, 100));
  assert.equal((await store.run({ seed: 1 }, experiment)).history.length, 34);
  assert.match(String(warn.mock.calls[0]?.arguments[0]), /the record .*\.json cannot be used/);
  await store.run({ seed: 1 }, experiment);
  assert.equal(warn.mock.callCount(), 1);
});

test("a result that JSON cannot hold is returned with a warning", async ({ mock }) => {
  const { store } = emptyStore();
  const warn = mock.method(console, "warn", () => {});
  const experiment = await smallExperiment();
  const unbounded = {
    ...experiment,
    start(config: { seed: number }, context: RunContext) {
      return Object.assign(experiment.start(config, context), { result: () => ({ loss: Number.NaN }) });
    },
  };
  assert.deepEqual((await store.run({ seed: 1 }, unbounded)).final, { loss: Number.NaN });
  assert.match(
    String(warn.mock.calls[0]?.arguments[0]),
    /record .* cannot be written: final\.loss is NaN, expected a finite number\. The result of seed 1 is returned/,
  );
});

test("a run tells its history as it grows, learns, and leaves no tensor behind", async () => {
  const { store } = emptyStore();
  const experiment = await smallExperiment();
  const lengths: number[] = [];
  // The data sets' tensors stay for the next run.
  await store.run({ seed: 2 }, experiment);
  const before = tf.memory().numTensors;
  const { final, history } = await store.run({ seed: 1 }, experiment, {
    onHistory: ({ history }) => void lengths.push(history.length),
  });
  assert.equal(tf.memory().numTensors, before);
  assert.equal(lengths.at(-1), 34);
  assert.ok(lengths.every((length, i) => length > (lengths[i - 1] ?? 0)));
  assert.ok(history.at(-1)!["loss"]! < 0.5 * history[0]!["loss"]!);
  assert.ok(final["testAccuracy"]! > 0.7, `${final["testAccuracy"]}`);
});

test("the model of a run is given back as it was trained, where it was kept", async () => {
  const { store, records } = emptyStore();
  const experiment = await smallExperiment();
  await store.run({ seed: 1 }, experiment);
  const [before] = [await store.run({ seed: 1 }, experiment)];
  assert.throws(
    () => store.model(before, experiment),
    /the model of seed 1 was not kept, expected .*keepModel/,
  );

  const [kept] = await store.runAll([{ seed: 1 }], experiment, { keepModel: true });
  assert.deepEqual(kept!.final, before.final);
  const held = tf.memory().numTensors;
  const model = store.model<MLP>(kept!, experiment);
  const weights = tf.tidy(() => model.parameters["l1.weight"]!.sum().dataSync()[0]!);
  assert.equal(weights, kept!.final["weights"]);
  assert.equal(tf.memory().numTensors - held, Object.keys(model.parameters).length);
  model.dispose();

  const files = readdirSync(join(records, "99-test")).sort();
  assert.deepEqual(
    files.map((name) => name.replace(/^[0-9a-f]{16}/, "")),
    [".json", ".model.safetensors"],
  );
  const again = await store.run({ seed: 1 }, experiment, { keepModel: true });
  assert.deepEqual(again, kept);
});

test("a kept model that was damaged is refused with its file", async () => {
  const { store, records } = emptyStore();
  const experiment = await smallExperiment();
  const run = await store.run({ seed: 1 }, experiment, { keepModel: true });
  const path = runFiles(records, "99-test", run.key).model;
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(path, bytes);
  const held = tf.memory().numTensors;
  assert.throws(() => store.model(run, experiment), /model\.safetensors/);
  assert.equal(tf.memory().numTensors, held);
});
