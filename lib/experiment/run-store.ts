import { randomInt, randomUUID } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { readCheckpoint } from "../checkpoint/checkpoint";
import { requireInteger } from "../checks/check-range";
import { duration } from "../display/progress";
import type { Model } from "../training/model";
import type { Final } from "../training/training";
import type { Config } from "./config";
import type { Experiment, RunAllOptions, RunOptions } from "./experiment";
import { RunsFailedError } from "./failed-attempts";
import type { FinishedRun } from "./finished-run";
import { findCommitted, type RunFiles, readRecord, runFiles } from "./record";
import type { Run } from "./results";
import { type ExperimentKey, keyOf } from "./run-key";
import { RunList } from "./run-list";
import { trainInProcesses } from "./run-processes";
import { SharedRun, waitForOthers } from "./shared-run";
import { whileStoppable } from "./stop-signals";

/** Options of a `RunStore`. */
export interface RunStoreOptions {
  /** The file of a notebook's results, where its runs are looked for that have no record. Default: none. */
  committed?: (notebook: string) => string;
  /** Train every run from the start, whether or not there is a record. Default: no. */
  fresh?: boolean;
  /**
   * The milliseconds without a sign of life after which a run of a process on another machine, or of one that stands still,
   * is taken over. Default: 60,000.
   */
  takeOverAfter?: number;
  /** The version of the code, which the records name; asked for when the first run is trained. Default: `unknown`. */
  code?: () => string;
  /**
   * Names the processes that were started together to share runs. They try a run that fails three times among them and go
   * on with the others meanwhile. Default: none, and the first error of a run is thrown at once.
   */
  launch?: string | undefined;
}

/**
 * Trains runs and keeps their records in a folder, where they are found again.
 *
 * A training that was cut goes on from its last checkpoint: on one thread, to the very result of an undisturbed run.
 * A checkpoint is also written when the user interrupts the cell, and when SIGTERM, SIGHUP or SIGINT is about to end
 * the process. Processes with the same folder share the runs that they ask for: each trains what no other does, and waits
 * for the records of the others. A run whose process died, or stood still for a minute, is taken over by another and goes
 * on from its checkpoint.
 *
 * A record or checkpoint that is damaged is set aside with a warning and the run is trained from its start; one that
 * cannot be written is warned of, and the training goes on and returns its result.
 *
 * @example
 * const store = new RunStore("records", { code: () => "1.2.0" });
 * const { final } = await store.run({ hidden: 64, seed: 0 }, experiment);
 */
export class RunStore {
  /**
   * @param folder The folder of the records, in which each notebook has its own; it is made when it is needed.
   * @param options Default: {}.
   */
  constructor(
    private readonly folder: string,
    private readonly options: RunStoreOptions = {},
  ) {}

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
   * Trains several configurations, or takes their records. Processes that run the same configurations at the same time
   * share them: one that another process trains is passed over, and at the end the records of such runs are waited for.
   *
   * @returns The runs in the order of the configurations.
   * @throws as `run` does; in a store with a launch, RunsFailedError after all others are done, for runs that were given up
   */
  async runAll<C extends Config, F extends Final>(
    configs: C[],
    experiment: Experiment<C, F>,
    { workers = 1, fresh = this.options.fresh ?? false, ...options }: RunAllOptions<F> = {},
  ): Promise<FinishedRun<F>[]> {
    requireInteger("runAll: workers", workers, 1);
    if (workers === 1 || fresh) return this.trainAll(configs, experiment, { fresh, ...options });
    const launch = this.options.launch ?? randomUUID();
    await this.trainInProcesses(configs, experiment, { workers, launch, ...options });
    // What is done is found, and a run that failed in every attempt is reported. The history was told while it grew.
    const { onHistory, ...others } = options;
    const told = {
      onHistory: (runs: Run<F>[]) => (runs.length === configs.length ? onHistory?.(runs) : undefined),
    };
    return new RunStore(this.folder, { ...this.options, launch }).trainAll(configs, experiment, {
      fresh,
      ...others,
      ...told,
    });
  }

  /** Trains or finds runs in this process, while those who watch are told which they are. */
  private async trainAll<C extends Config, F extends Final>(
    configs: C[],
    experiment: Experiment<C, F>,
    options: RunAllOptions<F> & { fresh: boolean },
  ): Promise<FinishedRun<F>[]> {
    const { launch } = this.options;
    if (launch === undefined) return this.findOrTrainAll(configs, experiment, options);
    const keys = configs.map((config) => keyOf(config, experiment));
    const list = new RunList(join(this.folder, experiment.notebook), launch, keys);
    list.write();
    // The process ends by a signal only once the list is removed.
    return whileStoppable(async () => {
      try {
        return await this.findOrTrainAll(configs, experiment, options);
      } finally {
        list.remove();
      }
    });
  }

  private async findOrTrainAll<C extends Config, F extends Final>(
    configs: C[],
    experiment: Experiment<C, F>,
    options: RunAllOptions<F> & { fresh: boolean },
  ): Promise<FinishedRun<F>[]> {
    const finished = new Map<number, FinishedRun<F>>();
    const inOrder = () => [...finished].sort(([a], [b]) => a - b).map(([, run]) => run);
    const onHistory = (current: Run<Final>) => options.onHistory?.([...inOrder(), current as Run<F>]);
    const found: FinishedRun<F>[] = [];
    let code: string | undefined; // asked for once, at the first training: what is loaded then trains them all
    const context = { ...options, onHistory, code: () => (code ??= this.code()) };
    const givenUp: string[] = [];
    const all = configs.map((config, index) => ({ index, run: this.sharedRun(config, experiment, options) }));
    // Many processes would all try the first runs first; where each begins elsewhere, it soon finds one that is free.
    const first = this.options.launch === undefined ? 0 : randomInt(Math.max(configs.length, 1));
    let open = [...all.slice(first), ...all.slice(0, first)];
    while (open.length > 0) {
      const [held, failed]: [typeof open, typeof open] = [[], []];
      for (const one of open) {
        const outcome = await one.run.findOrTrain(context);
        if (outcome === "held") held.push(one);
        else if (outcome === "failed") failed.push(one);
        else if ("failures" in outcome) givenUp.push(`${one.run.name}: ${outcome.failures.report()}`);
        else {
          finished.set(one.index, outcome.run);
          if (!outcome.isFound) continue;
          found.push(outcome.run);
          await options.onHistory?.(inOrder());
        }
      }
      if (held.length === open.length) await waitForOthers(held.map(({ run }) => run));
      open = [...held, ...failed];
    }
    if (found.length > 0) console.log(provenance(found, configs.length));
    if (givenUp.length > 0) throw new RunsFailedError(givenUp, configs.length);
    return inOrder();
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
    const committed = this.options.committed?.(experiment.notebook);
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

  /** The version of the code. */
  private code(): string {
    return this.options.code?.() ?? "unknown";
  }

  /** Trains in processes of their own what has no record. */
  private async trainInProcesses<C extends Config, F extends Final>(
    configs: C[],
    experiment: Experiment<C, F>,
    { onHistory, ...options }: RunAllOptions<F> & { workers: number; launch: string },
  ): Promise<void> {
    const missing = configs.filter((config) => !this.findComplete(config, experiment, options));
    if (missing.length === 0) return;
    const keys = missing.map((config) => keyOf(config, experiment));
    let seen = 0;
    await trainInProcesses(missing, experiment, {
      ...options,
      folder: this.folder,
      code: this.code(),
      takeOverAfter: this.options.takeOverAfter,
      look: async () => {
        const names = namesIn(join(this.folder, experiment.notebook));
        const done = keys.filter((key) => names.has(`${key}.json`)).length;
        const running = keys.filter((key) => names.has(`${key}.lock`)).length;
        if (onHistory && done > seen) await onHistory(this.findAll(configs, experiment));
        seen = done;
        return { done, running };
      },
    });
  }

  private sharedRun<C extends Config, F extends Final>(
    config: C,
    experiment: Experiment<C, F>,
    options: { fresh: boolean; keepModel?: boolean },
  ): SharedRun<C, F> {
    const { launch, takeOverAfter } = this.options;
    const files = this.filesOf(config, experiment);
    const find = () => (options.fresh ? undefined : this.findComplete(config, experiment, options));
    return new SharedRun(config, experiment, { files, find, launch, takeOverAfter });
  }

  private findAll<C extends Config, F extends Final>(
    configs: C[],
    experiment: Experiment<C, F>,
  ): FinishedRun<F>[] {
    return configs.flatMap((config) => this.find(config, experiment) ?? []);
  }
}

/** The names in a folder, which need not exist yet. */
function namesIn(folder: string): Set<string> {
  return new Set(existsSync(folder) ? readdirSync(folder) : []);
}

/** Where runs come from that were not trained now, and how long it took to train them. */
function provenance(found: FinishedRun<Final>[], count: number): string {
  const commits = [...new Set(found.map(({ code }) => code))];
  const what = count === 1 ? found[0]!.name : `${found.length} of ${count} runs`;
  const which = `from the record${found.length === 1 ? "" : "s"} of commit ${commits.join(", ")}`;
  const seconds = found.reduce((total, one) => total + one.seconds, 0);
  return `${what}: ${which}, trained in ${duration(seconds)}`;
}
