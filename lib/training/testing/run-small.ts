import { run } from "../run";
import { smallExperiment } from "./small-experiment";

/** Runs the small experiment with a checkpoint after every step: `run-small.ts [STEP]` is killed within that step. */
async function main(): Promise<void> {
  const killedAt = Number(process.argv[2]);
  const experiment = await smallExperiment((step) => {
    if (step === killedAt) process.kill(process.pid, "SIGKILL");
  });
  await run({ seed: 1 }, experiment, { checkpointEvery: 0 });
}

void main();
