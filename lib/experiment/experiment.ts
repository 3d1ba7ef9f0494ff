import type { Final, Training } from "../training/training";
import type { Config } from "./config";
import type { Run } from "./results";
import type { ExperimentKey } from "./run-key";

/** Turns each configuration into a training, whose result is recorded under a key. */
export interface Experiment<C extends Config, F extends Final = Record<string, number>>
  extends ExperimentKey {
  /** The name of a run in legends and progress bars. It may change: records are found by their key. */
  nameOf(config: C): string;
  /**
   * Makes the training of a configuration, before its first step.
   *
   * @param print Prints a line; the lines are kept with the run.
   */
  start(config: C, print: (line: string) => void): Training<F>;
}

/** Options of `RunStore.run`. */
export interface RunOptions {
  /** Called when the history has grown, with the run so far. */
  onHistory?: (run: Run<Final>) => void | Promise<void>;
  /**
   * Train from the start even where there is a finished record or a checkpoint. Default: what the store's options say.
   */
  fresh?: boolean;
  /** The seconds between checkpoints. Default: 20. */
  checkpointEvery?: number;
}

/** Options of `RunStore.runAll`. */
export interface RunAllOptions<F extends Final> extends Omit<RunOptions, "onHistory"> {
  /** Called when a history has grown, with all runs so far. */
  onHistory?: (runs: Run<F>[]) => void | Promise<void>;
}
