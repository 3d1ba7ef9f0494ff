import { existsSync } from "node:fs";
import { readCheckpoint } from "../checkpoint/checkpoint";
import { host } from "../display/host";
import { duration, InterruptedError } from "../display/progress";
import { FileLock } from "../files/file-lock";
import type { Model } from "../training/model";
import type { Final } from "../training/training";
import type { Config } from "./config";
import type { Experiment, RunAllOptions, RunOptions } from "./experiment";
import type { FinishedRun } from "./finished-run";
import { findCommitted, type RunFiles, readRecord, runFiles } from "./record";
import type { Run } from "./results";
import { type ExperimentKey, keyOf } from "./run-key";
import { RunSession } from "./run-session";
import { whileStoppable } from "./stop-signals";

/** Options of a `RunStore`. */
export interface RunStoreOptions {
  /** The file of a notebook's results, where its runs are looked for that have no record. Default: none. */
  committed?: (notebook: string) => string;
  /** Train every run from the start, whether or not there is a record. Default: no. */
  fresh?: boolean;
  /** The version of the code, which the records name; asked for when the first run is trained. Default: `unknown`. */
  code?: () => string;
}

/**
 * Trains runs and keeps their records in a folder, where they are found again.
 *
 * A training that was cut goes on from its last checkpoint: on one thread, to the very result of an undisturbed run.
 * A checkpoint is also written when the user interrupts the cell, and when SIGTERM, SIGHUP or SIGINT is about to end
 * the process. While another process trains the same run, this one waits for its record.
 *
 * A record or checkpoint that is damaged is set aside with a warning and the run is trained from its start; one that
 * cannot be written is warned of, and the training goes on and returns its result.
 *
 * @example
 * const store = new RunStore("records", { code: () => "1.2.0" });
 * const { final } = await store.run({ hidden: 64, seed: 0 }, experiment);
 */
export class RunStore {
  private readonly committed: ((notebook: string) => string) | undefined;
  private readonly fresh: boolean;
  private readonly code: () => string;

  /** @param folder The folder of the records, in which each notebook has its own; it is made when it is needed. */
  constructor(
    private readonly folder: string,
    { committed, fresh = false, code = () => "unknown" }: RunStoreOptions = {},
  ) {
    this.committed = committed;
    this.fresh = fresh;
    this.code = code;
  }

  /**
   * Trains a configuration, or takes the finished record of the same configuration, settings, experiment version and
   * data.
   *
   * @throws InterruptedError where the user interrupts the cell or the process is asked to end
   */
  async run<C extends Config, F extends Final>(
    config: C,
    experiment: Experiment<C, F>,
    options: RunOptions = {},
  ): Promise<FinishedRun<F>> {
    const [finished] = await this.runAll([config], experiment, {
      ...options,
      onHistory: ([current]) => options.onHistory?.(current!),
    });
    return finished!;
  }

  /**
   * Runs several configurations, one after another, in their order.
   *
   * @throws as `run` does
   */
  async runAll<C extends Config, F extends Final>(
    configs: C[],
    experiment: Experiment<C, F>,
    { fresh = this.fresh, ...options }: RunAllOptions<F> = {},
  ): Promise<FinishedRun<F>[]> {
    const runs: FinishedRun<F>[] = [];
    const found: FinishedRun<F>[] = [];
    let code: string | undefined; // asked for once, at the first training: what is loaded then trains them all
    for (const config of configs) {
      const onHistory = (current: Run<Final>) => options.onHistory?.([...runs, current as Run<F>]);
      let record = fresh ? undefined : this.findComplete(config, experiment, options);
      if (!record) {
        code ??= this.code();
        const outcome = await this.trainOrWait(config, experiment, { ...options, fresh, onHistory }, code);
        if (outcome.trained) runs.push(outcome.trained);
        record = outcome.record;
      }
      if (!record) continue;
      found.push(record);
      await onHistory(record);
      runs.push(record);
    }
    if (found.length > 0) console.log(provenance(found, configs.length));
    return runs;
  }

  /**
   * The finished run of a configuration, by its present name, among the records or the committed results; undefined
   * where there is none.
   *
   * A record whose hash, shape, key or configuration is wrong is set aside with a warning that names it; such a run
   * among the committed results is passed over with a warning.
   */
  find<C extends Config, F extends Final>(
    config: C,
    experiment: Experiment<C, F>,
  ): FinishedRun<F> | undefined {
    const key = keyOf(config, experiment);
    const committed = this.committed?.(experiment.notebook);
    const found =
      readRecord(this.filesOf(config, experiment).record, key, config) ??
      (committed === undefined ? undefined : findCommitted(committed, key, config));
    return found && { ...(found as FinishedRun<F>), name: experiment.nameOf(config) };
  }

  /**
   * The trained model of a run that was trained with `keepModel`, for the caller to dispose of: the training is made
   * anew, given its last state, and freed but for the model.
   *
   * @typeParam M What the experiment trains.
   * @throws Error where the model was not kept, cannot be read, or the training has none.
   */
  model<M = Model>(run: Pick<Run<Final>, "name" | "config">, experiment: Experiment<Config, Final>): M {
    const { model: path } = this.filesOf(run.config, experiment);
    if (!existsSync(path)) {
      throw new Error(
        `the model of ${run.name} was not kept, expected it to be run with { keepModel: true }`,
      );
    }
    const { state } = readCheckpoint(path, keyOf(run.config, experiment));
    const { settings } = experiment;
    const training = experiment.start(run.config, { settings, print: () => undefined });
    try {
      training.restore(state);
      if (training.takeModel) return training.takeModel() as M;
      throw new Error(`the training of ${run.name} has no model to give`);
    } catch (error) {
      training.dispose();
      throw error;
    }
  }

  /** The finished run of a configuration, where its model is there too if it is to be kept. */
  private findComplete<C extends Config, F extends Final>(
    config: C,
    experiment: Experiment<C, F>,
    { keepModel = false }: { keepModel?: boolean },
  ): FinishedRun<F> | undefined {
    if (keepModel && !existsSync(this.filesOf(config, experiment).model)) return undefined;
    return this.find(config, experiment);
  }

  /** The files of a run in this store, whether they exist or not. */
  filesOf(config: Config, experiment: ExperimentKey): RunFiles {
    return runFiles(this.folder, experiment.notebook, keyOf(config, experiment));
  }

  /** Trains a run that no other process trains; of one that another does, waits for the record. */
  private async trainOrWait<C extends Config, F extends Final>(
    config: C,
    experiment: Experiment<C, F>,
    { fresh, ...options }: RunOptions & { fresh: boolean },
    code: string,
  ): Promise<{ trained?: FinishedRun<F>; record?: FinishedRun<F> }> {
    const files = this.filesOf(config, experiment);
    return whileStoppable(async (stop) => {
      let record: FinishedRun<F> | undefined;
      const findRecord = () => {
        record = fresh ? undefined : this.findComplete(config, experiment, options);
        return record !== undefined;
      };
      const lock = await lockOf(files.lock, experiment.nameOf(config), findRecord, stop);
      try {
        // Another process may have finished it just before it gave the lock back.
        if (record || findRecord()) return { record };
        const session = new RunSession(config, experiment, { files, fresh, lock });
        return { trained: await session.train(options, code, stop) };
      } finally {
        lock?.release();
      }
    });
  }
}

/** The lock of a run; undefined where it is not needed, or the file system does not let it be made. */
async function lockOf(
  path: string,
  name: string,
  isDone: () => boolean,
  stop: AbortSignal,
): Promise<FileLock | undefined> {
  const signal = AbortSignal.any([host().signal, stop]);
  const onWait = (holder: string) =>
    host().display({ "text/plain": `${name}: ${holder} trains this run; waiting for its record` });
  try {
    return await FileLock.acquire(path, { onWait, isDone, signal });
  } catch (error) {
    if (signal.aborted) throw new InterruptedError(`interrupted while another process trained ${name}`);
    console.warn(
      `the lock ${path} cannot be made: ${(error as Error).message}. ${name} is trained without it.`,
    );
    return undefined;
  }
}

/** Where runs come from that were not trained now, and how long it took to train them. */
function provenance(found: FinishedRun<Final>[], count: number): string {
  const commits = [...new Set(found.map(({ code }) => code))];
  const what = count === 1 ? found[0]!.name : `${found.length} of ${count} runs`;
  const which = `from the record${found.length === 1 ? "" : "s"} of commit ${commits.join(", ")}`;
  const seconds = found.reduce((total, one) => total + one.seconds, 0);
  return `${what}: ${which}, trained in ${duration(seconds)}`;
}
