import { existsSync } from "node:fs";
import { useSettings } from "../../settings/settings";
import { RunStore } from "../run-store";
import { sleepSync } from "./script-process";
import { smallExperiment } from "./small-experiment";

/** What happens within one step. */
export interface Event {
  step: number;
  /** Sent to the own process. */
  signal?: NodeJS.Signals;
  /** A file until whose appearance the process stands still; without a heartbeat. */
  waitsFor?: string;
}

/**
 * Runs the small experiment: `run-small.ts FOLDER EVENT CHECKPOINT_EVERY`, on one thread. It prints `step N` when it stands still there, and
 * at its end the steps that it has done and the run, as JSON.
 */
async function main([folder = "", event = "{}", checkpointEvery = "0"]: string[]): Promise<void> {
  useSettings({ threads: 1 });
  const store = new RunStore(folder);
  const { step: eventStep, signal, waitsFor } = JSON.parse(event) as Partial<Event>;
  const steps: number[] = [];
  const experiment = await smallExperiment((step) => {
    steps.push(step);
    if (step !== eventStep) return;
    if (signal) process.kill(process.pid, signal);
    if (waitsFor) console.log(`step ${step}`);
    // Longer than a turn of the training, after which it looks for signals.
    do sleepSync(60);
    while (waitsFor && !existsSync(waitsFor));
  });
  const finished = await store.run({ seed: 1 }, experiment, { checkpointEvery: Number(checkpointEvery) });
  console.log(JSON.stringify({ steps, finished }));
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.name);
  process.exitCode = 1;
});
