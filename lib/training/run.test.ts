import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, test } from "node:test";
import { tf } from "../backend/tf";
import { ensureDataset } from "../data/dataset";
import { writeAtomically } from "../files/write-atomically";
import { host, installHost } from "../notebook/host";
import { type FinishedRun, keyOf, recordFiles } from "./record";
import { type Row, run, runAll, type Training } from "./run";
import { smallExperiment } from "./testing/small-experiment";

const terminal = host();
const folders: string[] = [];
afterEach(() => installHost(terminal));
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A data folder with the digits and no records. */
async function emptyRecords(): Promise<string> {
  delete process.env["WEIGHTSPACE_DATA"];
  const mnist = await ensureDataset("mnist");
  const folder = mkdtempSync(join(tmpdir(), "run-"));
  folders.push(folder);
  symlinkSync(mnist, join(folder, "mnist"));
  process.env["WEIGHTSPACE_DATA"] = folder;
  return folder;
}

function inChild(folder: string, killedAt = ""): NodeJS.Signals | null {
  const { signal, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", join(__dirname, "testing", "run-small.ts"), killedAt],
    { env: { ...process.env, WEIGHTSPACE_DATA: folder, WEIGHTSPACE_THREADS: "1" }, encoding: "utf8" },
  );
  assert.doesNotMatch(stderr, /Error/);
  return signal;
}

async function recordIn(folder: string): Promise<FinishedRun> {
  const name = `${keyOf({ seed: 1 }, await smallExperiment())}.json`;
  return JSON.parse(readFileSync(join(folder, "records", "99-test", name), "utf8"));
}

test("a run killed twice, in each epoch once, comes on one thread to the very result of an undisturbed one", async () => {
  const [undisturbed, killed] = [await emptyRecords(), await emptyRecords()];
  assert.equal(inChild(undisturbed), null);
  assert.equal(inChild(killed, "7"), "SIGKILL");
  assert.equal(inChild(killed, "25"), "SIGKILL");
  assert.equal(inChild(killed), null);
  const [expected, actual] = [await recordIn(undisturbed), await recordIn(killed)];
  assert.equal(expected.history.length, 34);
  for (const part of ["history", "final", "log", "config", "key"] as const) {
    assert.deepEqual(actual[part], expected[part]);
  }
  assert.deepEqual(readdirSync(join(killed, "records", "99-test")), [`${expected.key}.json`]);
});

test("a finished run is taken from its record; another configuration or version, or fresh, trains", async ({
  mock,
}) => {
  await emptyRecords();
  const log = mock.method(console, "log", () => {});
  let trained = 0;
  const experiment = await smallExperiment(() => {
    trained++;
  });
  const [first] = await runAll([{ seed: 1 }, { seed: 2 }], experiment);
  assert.equal(trained, 68);
  assert.deepEqual(await run({ seed: 1 }, experiment), first);
  assert.equal((await run({ seed: 1 }, { ...experiment, nameOf: () => "renamed" })).name, "renamed");
  assert.equal(trained, 68);
  await run({ seed: 1 }, { ...experiment, version: 2 });
  await run({ seed: 1 }, experiment, { fresh: true });
  assert.equal(trained, 136);
  await runAll([{ seed: 1 }, { seed: 2 }, { seed: 3 }], experiment);
  assert.equal(trained, 170);
  const lines = log.mock.calls.map(({ arguments: [line] }) => line).filter((line) => /record/.test(line));
  assert.match(lines[0], /^seed 1: from the record of commit \S+, trained in \S+ s$/);
  assert.match(lines.at(-1), /^2 of 3 runs: from the records of commit \S+, trained in \S+ s$/);
});

test("an interrupt ends the run before its next step; the same call goes on from there", async () => {
  await emptyRecords();
  const controller = new AbortController();
  const steps: number[] = [];
  const experiment = await smallExperiment((step) => {
    steps.push(step);
    if (step === 10) controller.abort();
  });
  installHost({ ...terminal, display() {}, signal: controller.signal });
  await assert.rejects(run({ seed: 1 }, experiment), /interrupted after 10 of 34 steps/);
  installHost(terminal);
  const { history } = await run({ seed: 1 }, experiment);
  assert.deepEqual(steps, [...history.map(({ step }) => step)]);
  assert.equal(history.length, 34);
});

test("a training that is over early ends there, with lists in its result, and is not repeated", async () => {
  await emptyRecords();
  const experiment = await smallExperiment();
  const early = {
    ...experiment,
    start(config: { seed: number }, print: (line: string) => void) {
      const training = experiment.start(config, print);
      training.isOver = (history) => history.some(({ step }) => step === 10);
      const result = (history: Row[]) => ({
        losses: history.map(({ loss }) => loss!),
        count: history.length,
      });
      return Object.assign(training, { result }) as Training<{ losses: number[]; count: number }>;
    },
  };
  const { final, history } = await run({ seed: 1 }, early);
  assert.deepEqual(
    history.map(({ step }) => step),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  );
  assert.deepEqual(final, { losses: history.map(({ loss }) => loss), count: 10 });
  assert.deepEqual((await run({ seed: 1 }, early)).final, final);
});

test("a damaged checkpoint is refused with its path, and stays as it is", async () => {
  await emptyRecords();
  const experiment = await smallExperiment();
  const { checkpoint } = recordFiles("99-test", keyOf({ seed: 1 }, experiment));
  writeAtomically(checkpoint, "half");
  await assert.rejects(run({ seed: 1 }, experiment), /checkpoint .*\.safetensors cannot be used: it was cut/);
  assert.equal(readFileSync(checkpoint, "utf8"), "half");
});

test("a run tells its history as it grows, learns, and leaves no tensor behind", async () => {
  await emptyRecords();
  const experiment = await smallExperiment();
  const lengths: number[] = [];
  // The data sets' tensors stay for the next run.
  await run({ seed: 2 }, experiment);
  const before = tf.memory().numTensors;
  const { final, history } = await run({ seed: 1 }, experiment, {
    onHistory: ({ history }) => void lengths.push(history.length),
  });
  assert.equal(tf.memory().numTensors, before);
  assert.equal(lengths.at(-1), 34);
  assert.ok(lengths.every((length, i) => length > (lengths[i - 1] ?? 0)));
  assert.ok(history.at(-1)!["loss"]! < 0.5 * history[0]!["loss"]!);
  assert.ok(final["correct"]! > 350, `${final["correct"]} of 500`);
});
