import { appendFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { useSettings } from "../../settings/settings";
import { RunStore } from "../run-store";
import { sleepSync } from "./script-process";
import { smallExperiment } from "./small-experiment";

/** What a process of `run-shared.ts` is to do. */
export interface SharedWork {
  /** The folder of its records, beside which it looks for the file `go`, and writes `trained.log`. */
  folder: string;
  seeds: number[];
  /** Milliseconds added to each step. */
  slowness?: number;
  takeOverAfter?: number;
  launch?: string;
  /** The seeds whose trainings throw an error at their tenth step. */
  failing?: number[];
  /** Milliseconds by which its clock is ahead. */
  clockAhead?: number;
}

/**
 * Runs the small experiment with several seeds, on one thread, once the file `go` is there: `run-shared.ts WORK`. It
 * prints `ready`, appends its process id, the seed and the step to `trained.log` at each step, and prints the runs as JSON.
 */
async function main(work: SharedWork): Promise<void> {
  const { folder, seeds, slowness = 0, takeOverAfter, launch, failing = [], clockAhead = 0 } = work;
  useSettings({ threads: 1 });
  setClockAhead(clockAhead);
  const store = new RunStore(join(folder, "records"), {
    ...(takeOverAfter !== undefined && { takeOverAfter }),
    launch,
  });
  let seed = 0;
  const experiment = await smallExperiment((step) => {
    appendFileSync(join(folder, "trained.log"), `${process.pid} ${seed} ${step}\n`);
    if (step === 10 && failing.includes(seed)) throw new Error("no such luck");
    sleepSync(slowness);
  });
  const { start } = experiment;
  experiment.start = (config, context) => {
    seed = config.seed;
    return start(config, context);
  };
  console.log("ready");
  while (!existsSync(join(folder, "go"))) await sleep(5);
  const configs = seeds.map((one) => ({ seed: one }));
  const runs = await store.runAll(configs, experiment, { checkpointEvery: 0 });
  console.log(JSON.stringify(runs));
}

/** Lets the clock of this process, by which it stamps its heartbeats, go ahead of the machine's. */
function setClockAhead(milliseconds: number): void {
  if (milliseconds === 0) return;
  const RealDate = Date;
  const now = () => RealDate.now() + milliseconds;
  globalThis.Date = class extends RealDate {
    static override now = now;

    constructor(...args: []) {
      super(...((args.length === 0 ? [now()] : args) as []));
    }
  } as DateConstructor;
}

main(JSON.parse(process.argv[2]!)).catch((error: Error) => {
  console.error(error.stack);
  process.exitCode = 1;
});
