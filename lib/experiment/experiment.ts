import type { Final, Training } from "../training/training";
import type { ConfigValue, Run } from "./results";
import type { ExperimentKey } from "./run-key";

/** Turns each configuration into a training, whose result is recorded under a key. */
export interface Experiment<
  Config extends Record<string, ConfigValue>,
  F extends Final = Record<string, number>,
> extends ExperimentKey {
  /** The name of a run in legends and progress bars. It may change: records are found by their key. */
  nameOf(config: Config): string;
  /**
   * Makes the training of a configuration, before its first step.
   *
   * @param print Prints a line; the lines are kept with the run.
   */
  start(config: Config, print: (line: string) => void): Training<F>;
}

/** Options of `run`. */
export interface RunOptions {
  /** Called when the history has grown, with the run so far. */
  onHistory?: (run: Run<Final>) => void | Promise<void>;
  /**
   * Train from the start even where there is a finished record or a checkpoint. Default: in the smoke profile, which
   * shows that everything runs.
   */
  fresh?: boolean;
  /** The seconds between checkpoints. Default: 20. */
  checkpointEvery?: number;
}
