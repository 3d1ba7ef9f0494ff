import { host } from "../display/host";
import { duration, InterruptedError } from "../display/progress";
import { environment } from "../notebook/environment";
import { profile } from "../notebook/parameters";
import type { Final } from "../training/training";
import type { Experiment, RunOptions } from "./experiment";
import type { FinishedRun } from "./finished-run";
import { findFinished, recordFiles } from "./record";
import type { ConfigValue, Run } from "./results";
import { keyOf } from "./run-key";
import { RunLock } from "./run-lock";
import { RunSession } from "./run-session";
import { whileStoppable } from "./stop-signals";

/**
 * Trains a configuration, or takes the finished record of the same configuration, experiment version and data.
 *
 * A training that was cut goes on from its last checkpoint: on one thread, to the very result of an undisturbed run.
 * A checkpoint is also written when the user interrupts the cell, and when SIGTERM, SIGHUP or SIGINT is about to end
 * the process. While another process trains the same run, this one waits for its record.
 *
 * A record or checkpoint that is damaged is set aside with a warning and the run is trained from its start; one that
 * cannot be written is warned of, and the training goes on and returns its result.
 *
 * @throws InterruptedError where the user interrupts the cell or the process is asked to end
 */
export async function run<Config extends Record<string, ConfigValue>, F extends Final>(
  config: Config,
  experiment: Experiment<Config, F>,
  options: RunOptions = {},
): Promise<FinishedRun<F>> {
  const [finished] = await runAll([config], experiment, {
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
export async function runAll<Config extends Record<string, ConfigValue>, F extends Final>(
  configs: Config[],
  experiment: Experiment<Config, F>,
  options: Omit<RunOptions, "onHistory"> & { onHistory?: (runs: Run<F>[]) => void | Promise<void> } = {},
): Promise<FinishedRun<F>[]> {
  const runs: FinishedRun<F>[] = [];
  const found: FinishedRun<F>[] = [];
  let code: string | undefined; // asked for once, at the first training: what is loaded then trains them all
  for (const config of configs) {
    const onHistory = (current: Run<Final>) => options.onHistory?.([...runs, current as Run<F>]);
    let record = recordOf(config, experiment, options);
    if (!record) {
      code ??= environment().code;
      const outcome = await trainOrWait(config, experiment, { ...options, onHistory }, code);
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

/** The finished record of a configuration, by its present name. */
function recordOf<Config extends Record<string, ConfigValue>, F extends Final>(
  config: Config,
  experiment: Experiment<Config, F>,
  { fresh = freshByDefault() }: { fresh?: boolean },
): FinishedRun<F> | undefined {
  const found = fresh ? undefined : findFinished<F>(config, experiment);
  return found && { ...found, name: experiment.nameOf(config) };
}

const freshByDefault = () => profile() === "smoke";

/** Trains a run that no other process trains; of one that another does, waits for the record. */
async function trainOrWait<Config extends Record<string, ConfigValue>, F extends Final>(
  config: Config,
  experiment: Experiment<Config, F>,
  options: RunOptions,
  code: string,
): Promise<{ trained?: FinishedRun<F>; record?: FinishedRun<F> }> {
  const files = recordFiles(experiment.notebook, keyOf(config, experiment));
  const { fresh = freshByDefault() } = options;
  return whileStoppable(async (stop) => {
    let record: FinishedRun<F> | undefined;
    const findRecord = () => {
      record = recordOf(config, experiment, options);
      return record !== undefined;
    };
    const lock = await lockOf(files.lock, experiment.nameOf(config), findRecord, stop);
    try {
      // Another process may have finished it just before it gave the lock back.
      if (record || findRecord()) return { record };
      const session = new RunSession(config, experiment, { fresh, lock });
      return { trained: await session.train(options, code, stop) };
    } finally {
      lock?.release();
    }
  });
}

/** The lock of a run; undefined where it is not needed, or the file system does not let it be made. */
async function lockOf(
  path: string,
  name: string,
  isDone: () => boolean,
  stop: AbortSignal,
): Promise<RunLock | undefined> {
  const signal = AbortSignal.any([host().signal, stop]);
  const onWait = (holder: string) =>
    host().display({ "text/plain": `${name}: ${holder} trains this run; waiting for its record` });
  try {
    return await RunLock.acquire(path, { onWait, isDone, signal });
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
