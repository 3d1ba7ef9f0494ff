import type { Final, Training } from "../training/training";
import type { Config, SharedSettings } from "./config";
import type { Run } from "./results";
import type { ExperimentKey } from "./run-key";

/** Turns each configuration into a training, whose result is recorded under a key. */
export interface Experiment<
  C extends Config,
  F extends Final = Record<string, number>,
  S extends SharedSettings = SharedSettings,
> extends ExperimentKey<S> {
  /** The name of a run in legends and progress bars. It may change: records are found by their key. */
  nameOf(config: C): string;
  /**
   * Makes the training of a configuration, before its first step. It reads no parameters but those it is handed: any
   * other could change the result without changing the key of its record.
   */
  start(config: C, context: RunContext<S>): Training<F>;
  /** Where other processes load it from, for `runAll(…, { workers })`. Default: they cannot. */
  module?: ExperimentModule;
}

/** The module that exports an experiment. */
export interface ExperimentModule {
  /** The path of the module's file, which Node names within it. */
  file: string;
  /** The name of its export: the experiment, or a function without arguments that returns it or promises it. */
  name: string;
}

/** What a training is handed besides its configuration. */
export interface RunContext<S extends SharedSettings = SharedSettings> {
  /** Those of the experiment. */
  readonly settings: S;
  /** Prints a line, which is kept with the run. */
  print(line: string): void;
}

/**
 * An experiment as it is given, with its types inferred: that of its configurations from the arguments of `nameOf` and
 * `start`, that of the settings from `settings`.
 *
 * @example
 * const experiment = defineExperiment({
 *   notebook: "99-example",
 *   version: 1,
 *   data: mnist.sha256,
 *   settings: { batchSize: 64 },
 *   nameOf: ({ lr }: { lr: number }) => `rate ${lr}`,
 *   start: ({ lr }: { lr: number }, { settings }) => training(lr, settings.batchSize),
 * });
 */
export function defineExperiment<C extends Config, F extends Final, S extends SharedSettings>(
  experiment: Experiment<C, F, S>,
): Experiment<C, F, S> {
  return experiment;
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
  /**
   * Keep the trained model beside the record, for `trainedModel`; a finished run whose model was not kept is trained
   * again. Default: no.
   */
  keepModel?: boolean;
}

/** Options of `RunStore.runAll`. */
export interface RunAllOptions<F extends Final> extends Omit<RunOptions, "onHistory"> {
  /**
   * How many processes train the runs, sharing out the cores; more than one need an experiment that lives in a module.
   * Where everything is trained anew, this process trains alone. Default: 1, this process.
   */
  workers?: number;
  /** Called when a history has grown, with all runs so far. */
  onHistory?: (runs: Run<F>[]) => void | Promise<void>;
}
