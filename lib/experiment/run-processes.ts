import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { untilDone } from "../display/progress";
import { setting } from "../settings/settings";
import type { Final } from "../training/training";
import type { Config } from "./config";
import type { Experiment, ExperimentModule, RunOptions } from "./experiment";
import { OutputTail } from "./output-tail";
import type { ProcessWork } from "./process-work";
import { keyOf } from "./run-key";
import { whileStoppable } from "./stop-signals";

/** The milliseconds between two looks at what the processes have done. */
const POLL_MS = 200;
/** The milliseconds that a process has for its checkpoint before it is killed. */
const GRACE_MS = 10_000;

/** What `trainInProcesses` needs besides the configurations and their experiment. */
export interface ProcessesOptions extends Pick<RunOptions, "keepModel" | "checkpointEvery"> {
  /** How many processes, ≥ 1. */
  workers: number;
  /** The folder of the records. */
  folder: string;
  /** Names the processes, which try a run that fails three times among them. */
  launch: string;
  /** The version of the code, which the records name. */
  code: string;
  takeOverAfter?: number | undefined;
  /** Called every moment; returns how many of the runs are done, and how many are being trained. */
  look(): Promise<{ done: number; running: number }>;
}

/**
 * Trains configurations in processes of their own, which share out the cores, until all these processes have ended. Runs
 * that fail are left without a record.
 *
 * @throws Error where the experiment says no module, or a process cannot load it from there; InterruptedError where the
 *   user interrupts the cell, after all processes have written their checkpoints and ended.
 */
export async function trainInProcesses<C extends Config, F extends Final>(
  configs: C[],
  experiment: Experiment<C, F>,
  { workers, look, ...options }: ProcessesOptions,
): Promise<void> {
  const module = moduleOf(experiment);
  const keys = configs.map((config) => keyOf(config, experiment));
  const threads = Math.max(1, Math.floor(availableParallelism() / workers));
  const settings = {
    threads,
    backend: setting("backend"),
    dataFolder: setting("dataFolder"),
    manifestFile: setting("manifestFile"),
  };
  const work: ProcessWork = { module, configs, keys, settings, ...options };
  const processes = Array.from({ length: Math.min(workers, configs.length) }, () => new RunProcess(work));
  await whileStoppable(async (stop) => {
    try {
      await untilAllEnded(processes, { count: configs.length, look, stop });
    } finally {
      await Promise.all(processes.map((one) => one.end()));
    }
  });
  const unable = processes.find(({ hasStarted }) => !hasStarted);
  if (unable) throw new Error(`a process cannot run the experiment of ${module.file}:\n${unable.text}`);
}

function moduleOf({
  notebook,
  module,
}: Pick<Experiment<Config, Final>, "notebook" | "module">): ExperimentModule {
  if (module) return module;
  throw new Error(
    `the experiment of ${notebook} has no module, expected { module: { file, name } }, ` +
      "by which other processes load it: an experiment that a cell defines trains in the process of the cell",
  );
}

/** Waits, with a progress bar of the runs. */
async function untilAllEnded(
  processes: RunProcess[],
  { count, look, stop }: Pick<ProcessesOptions, "look"> & { count: number; stop: AbortSignal },
): Promise<void> {
  const ended = Promise.all(processes.map((one) => one.ended));
  let { done, running } = await look();
  const bar = { label: "runs", unit: "runs", note: () => `${running} running`, stop };
  for await (const _ of untilDone(count, () => done, bar)) {
    await Promise.race([sleep(POLL_MS), ended]);
    ({ done, running } = await look());
    if (processes.every(({ isOver }) => isOver)) break;
  }
  await ended;
}

/** A process of `run-process.ts`. */
class RunProcess {
  /** Whether it has loaded the experiment. */
  hasStarted = false;
  isOver = false;
  readonly ended: Promise<void>;
  private readonly child: ChildProcess;
  private readonly output: OutputTail;

  constructor(work: ProcessWork) {
    // With the loader of this process, so that it reads TypeScript where this one does.
    this.child = fork(require.resolve("./run-process"), {
      serialization: "advanced",
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.output = new OutputTail(this.child);
    this.child.once("message", () => {
      this.hasStarted = true;
    });
    this.ended = once(this.child, "close").then(() => {
      this.isOver = true;
    });
    this.child.send(work);
  }

  /** What it has printed last. */
  get text(): string {
    return this.output.text;
  }

  /** Asks it to end, and kills it where it does not. */
  async end(): Promise<void> {
    if (this.isOver) return;
    this.child.kill("SIGTERM");
    await Promise.race([this.ended, sleep(GRACE_MS, undefined, { ref: false })]);
    if (!this.isOver) this.child.kill("SIGKILL");
    await this.ended;
  }
}
