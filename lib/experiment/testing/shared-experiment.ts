import type { Experiment } from "../experiment";
import { smallExperiment } from "./small-experiment";

/** The seeds below 0 fail at their tenth step, those from 100 on take more time. */
export async function sharedExperiment(): Promise<Experiment<{ seed: number }>> {
  let seed = 0;
  const small = await smallExperiment((step) => {
    if (seed < 0 && step === 10) throw new Error("no such luck");
    if (seed >= 100) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60);
  });
  return {
    ...small,
    module: { file: __filename, name: "sharedExperiment" },
    start(config, context) {
      seed = config.seed;
      return small.start(config, context);
    },
  };
}
