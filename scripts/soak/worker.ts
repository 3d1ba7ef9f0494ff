import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { RunStore } from "../../lib/experiment/run-store";
import { sleepSync } from "../../lib/experiment/testing/script-process";
import { smallExperiment } from "../../lib/experiment/testing/small-experiment";
import { writeAtomically } from "../../lib/files/write-atomically";
import { useSettings } from "../../lib/settings/settings";
import { Chance } from "./chance";
import { PhaseFile, phaseOfChange } from "./phase";
import { watchFiles } from "./watched-files";

/** The milliseconds after which a training looks up from its steps: a longer one has a checkpoint of its own. */
const LONG_STEP_MS = 50;
/** The longest pause in milliseconds at a change of a file. */
const MOST_CHANGE_MS = 20;

/** What a worker is to do. */
export interface SoakWork {
  /** Where its records lie; beside them it leaves the runs that it returns, and a line for each training it begins. */
  folder: string;
  seeds: number[];
  launch: string;
  takeOverAfter: number;
  /** The file in which it says what it is at. */
  phaseFile: string;
  /** Whether it pauses a moment at each step and each change of a file, so that kills hit them. */
  isSlow: boolean;
  /** Of the pauses. */
  seed: number;
}

/** Trains the small experiment with several seeds, on one thread, a checkpoint at every step: `worker.ts WORK`. */
async function main(work: SoakWork): Promise<void> {
  useSettings({ threads: 1 });
  const phases = new PhaseFile(work.phaseFile);
  const chance = new Chance(work.seed);
  const pause = (least: number, most: number) => work.isSlow && sleepSync(chance.between(least, most));
  const onStep = () => void pause(LONG_STEP_MS, 1.5 * LONG_STEP_MS);
  const onChange = () => void pause(0, MOST_CHANGE_MS);
  const experiment = await soakExperiment(work.folder, phases, onStep);
  watchFiles({
    before(change, path) {
      const phase = phaseOfChange(change, path);
      if (!phase) return;
      phases.publish(phase);
      onChange();
    },
    onTaken: (path) => path.endsWith(".lock") && phases.publish("waiting"),
    onHalf: onChange,
  });
  const { launch, takeOverAfter } = work;
  const store = new RunStore(join(work.folder, "records"), { launch, takeOverAfter });
  const configs = work.seeds.map((seed) => ({ seed }));
  const runs = await store.runAll(configs, experiment, { checkpointEvery: 0, keepModel: true });
  phases.publish("returning");
  writeAtomically(join(work.folder, `returned-${process.pid}`), JSON.stringify(runs));
}

/** The small experiment, which says what it is at and notes from which step each training goes on. */
async function soakExperiment(folder: string, phases: PhaseFile, onStep: () => void) {
  const experiment = await smallExperiment(onStep);
  const { start } = experiment;
  experiment.start = (config, context) => {
    phases.publish("resuming");
    const training = start(config, context);
    const advance = training.advance.bind(training);
    let hasBegun = false;
    training.advance = (history) => {
      phases.publish("training");
      if (!hasBegun) appendFileSync(join(folder, "begun.log"), `${config.seed} ${training.done}\n`);
      hasBegun = true;
      return advance(history);
    };
    return training;
  };
  return experiment;
}

main(JSON.parse(process.argv[2]!)).catch((error: Error) => {
  console.error(error.stack);
  process.exitCode = 1;
});
