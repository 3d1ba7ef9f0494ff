import { existsSync, rmSync } from "node:fs";
import { backendText } from "../backend/backend";
import { readCheckpoint, writeCheckpoint } from "../checkpoint/checkpoint";
import type { Stateful } from "../checkpoint/state";
import { environment } from "../notebook/environment";
import { profile } from "../notebook/parameters";
import { duration, InterruptedError, untilDone } from "../notebook/progress";
import { type FinishedRun, findFinished, type Identity, keyOf, recordFiles, writeRecord } from "./record";
import type { ConfigValue, Final, Run } from "./results";

/** What a step leaves in the history, besides its number. */
export type Row = { step: number } & Record<string, number>;

/** A training that does some steps at a time, and whose state can be saved in between. */
export interface Training<F extends Final = Record<string, number>> extends Stateful {
  /** How many steps there are in all. */
  readonly steps: number;
  /** How many are done. */
  readonly done: number;
  /**
   * Does the next steps, as many as take about 50 ms, at least one; returns what goes into the history.
   *
   * @param history All that has gone into it so far.
   */
  advance(history: Row[]): Row[];
  /** Whether the training ends here, before its last step, given all that has gone into the history. Default: no. */
  isOver?(history: Row[]): boolean;
  /** What the training came to, after the last step, given all that went into the history and the time it took. */
  result(history: Row[], seconds: number): F;
  /** Frees its memory. */
  dispose(): void;
}

/** What is done with a configuration. */
export interface Experiment<
  Config extends Record<string, ConfigValue>,
  F extends Final = Record<string, number>,
> extends Identity {
  /** What a run is called, in legends and progress bars; of a finished record too. */
  nameOf(config: Config): string;
  /**
   * Makes the training of a configuration, before its first step.
   *
   * @param print Takes the lines that the training prints: they belong to the run and are kept with it.
   */
  start(config: Config, print: (line: string) => void): Training<F>;
}

export interface RunOptions {
  /** Called when the history has grown, with the run so far. */
  onHistory?: (run: Run<Final>) => void | Promise<void>;
  /** Train even where there is a finished record or a checkpoint. Default: in the smoke profile. */
  fresh?: boolean;
  /** The seconds between checkpoints. Default: 20. */
  checkpointEvery?: number;
}

/**
 * Trains a configuration, or takes the finished record of the same configuration, experiment version and data.
 *
 * What was cut goes on from its last checkpoint: on one thread, to the very result of an undisturbed run. When the
 * cell is interrupted, a checkpoint is written before the error is thrown.
 *
 * @throws InterruptedError where the user interrupts the cell; Error for a checkpoint that cannot be used.
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
    const record = recordOf(config, experiment, options);
    if (record) {
      found.push(record);
      await onHistory(record);
      runs.push(record);
    } else {
      code ??= environment().code;
      runs.push(await train(config, experiment, { ...options, onHistory }, code));
    }
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
  const found = fresh ? undefined : findFinished<F>(experiment.notebook, keyOf(config, experiment));
  return found && { ...found, name: experiment.nameOf(config) };
}

async function train<Config extends Record<string, ConfigValue>, F extends Final>(
  config: Config,
  experiment: Experiment<Config, F>,
  options: RunOptions,
  code: string,
): Promise<FinishedRun<F>> {
  const { fresh = freshByDefault() } = options;
  const key = keyOf(config, experiment);
  const { checkpoint } = recordFiles(experiment.notebook, key);
  if (fresh) rmSync(checkpoint, { force: true });
  const attempt = new Attempt(config, experiment, key, checkpoint);
  try {
    const trained = await attempt.train(options, code);
    writeRecord(experiment.notebook, trained);
    rmSync(checkpoint, { force: true });
    return trained;
  } finally {
    attempt.dispose();
  }
}

const freshByDefault = () => profile() === "smoke";

/** Where runs come from that were not trained now, and how long it took to train them. */
function provenance(found: FinishedRun<Final>[], count: number): string {
  const commits = [...new Set(found.map(({ code }) => code))];
  const what = count === 1 ? found[0]!.name : `${found.length} of ${count} runs`;
  const which = `from the record${found.length === 1 ? "" : "s"} of commit ${commits.join(", ")}`;
  const seconds = found.reduce((total, one) => total + one.seconds, 0);
  return `${what}: ${which}, trained in ${duration(seconds)}`;
}

/** What a run has found so far. */
type Findings = Pick<FinishedRun<Final>, "history" | "log" | "seconds">;

/** A training from its start, or from its checkpoint, as far as it comes. */
class Attempt<Config extends Record<string, ConfigValue>, F extends Final> {
  private readonly name: string;
  private readonly training: Training<F>;
  private readonly started = performance.now();
  private findings: Findings = { history: [], log: [], seconds: 0 };

  constructor(
    private readonly config: Config,
    experiment: Experiment<Config, F>,
    private readonly key: string,
    private readonly checkpoint: string,
  ) {
    this.name = experiment.nameOf(config);
    this.training = experiment.start(config, (line) => this.findings.log.push(line));
    if (existsSync(checkpoint)) this.resume();
  }

  async train(options: RunOptions, code: string): Promise<FinishedRun<F>> {
    try {
      await this.doSteps(options);
    } catch (error) {
      if (error instanceof InterruptedError) this.save();
      throw error;
    }
    const { name, config, key, seconds } = this;
    const { history, log } = this.findings;
    const final = this.training.result(history, seconds);
    return {
      name,
      config,
      history,
      final,
      log,
      key,
      code,
      backend: backendText(),
      seconds,
    };
  }

  dispose(): void {
    this.training.dispose();
  }

  private async doSteps({ onHistory, checkpointEvery = 20 }: RunOptions): Promise<void> {
    const { name, config, training } = this;
    const { history } = this.findings;
    let lastSave = this.seconds;
    const progress = { label: name, note: () => noteOf(history.at(-1)) };
    for await (const _ of untilDone(training.steps, () => training.done, progress)) {
      const rows = training.advance(history);
      history.push(...rows);
      if (rows.length > 0) await onHistory?.({ name, config, history, final: {} });
      if (training.isOver?.(history)) break;
      if (this.seconds - lastSave >= checkpointEvery && training.done < training.steps) {
        this.save();
        lastSave = this.seconds;
      }
    }
  }

  private save(): void {
    const progress: Findings = { ...this.findings, seconds: this.seconds };
    writeCheckpoint(this.checkpoint, {
      key: this.key,
      step: this.training.done,
      state: this.training.state(),
      progress,
    });
  }

  private resume(): void {
    try {
      const { state, progress } = readCheckpoint(this.checkpoint, this.key);
      this.training.restore(state);
      this.findings = progress as Findings;
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /** How long it has been trained, earlier attempts included. */
  private get seconds(): number {
    return this.findings.seconds + (performance.now() - this.started) / 1000;
  }
}

/** Such as `loss 0.312, rank 122`. */
function noteOf(row: Record<string, number> | undefined): string {
  return Object.entries(row ?? {})
    .filter(([name]) => name !== "step")
    .map(([name, value]) => `${name} ${Number.isInteger(value) ? value : Number(value.toPrecision(3))}`)
    .join(", ");
}
