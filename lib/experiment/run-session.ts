import { existsSync, rmSync } from "node:fs";
import { backendText } from "../backend/backend";
import { CheckpointError, readCheckpoint, writeCheckpoint } from "../checkpoint/checkpoint";
import { InterruptedError, untilDone } from "../display/progress";
import type { FileLock } from "../files/file-lock";
import type { Final, Training } from "../training/training";
import type { Config } from "./config";
import type { Experiment, RunOptions } from "./experiment";
import { checkProgress, type FinishedRun, type RunProgress } from "./finished-run";
import { type RunFiles, setAside, writeRecord } from "./record";
import { keyOf } from "./run-key";

/** Thrown where another process has taken a run over, for instance because this one stood still for long. */
export class TakenOverError extends Error {
  override name = "TakenOverError";
}

export interface RunSessionOptions {
  files: RunFiles;
  /** Start from the first step and ignore a checkpoint. */
  fresh: boolean;
  /** Once another process has taken it over, the training ends and nothing more is written. */
  lock?: FileLock | undefined;
}

/** Runs one training from its start or its checkpoint until it ends or is interrupted, and writes its files. */
export class RunSession<C extends Config, F extends Final> {
  private readonly name: string;
  private readonly key: string;
  private readonly training: Training<F>;
  private readonly started = performance.now();
  private readonly warned = new Set<string>();
  private findings: RunProgress = { history: [], log: [], seconds: 0 };

  constructor(
    private readonly config: C,
    private readonly experiment: Experiment<C, F>,
    private readonly options: RunSessionOptions,
  ) {
    this.name = experiment.nameOf(config);
    this.key = keyOf(config, experiment);
    this.training = this.begin();
  }

  /**
   * Trains to the end, writes the record and frees the training's memory.
   *
   * @param code The commit that the record names.
   * @param stop Ends the training as an interrupt of the user does.
   * @throws InterruptedError after a checkpoint was written; TakenOverError where another process trains the run by now
   */
  async train(options: RunOptions, code: string, stop: AbortSignal): Promise<FinishedRun<F>> {
    try {
      await this.doSteps(options, stop);
      const trained = this.finished(code);
      if (options.keepModel) this.keepModel();
      this.keep(trained, this.options.fresh || Boolean(options.keepModel));
      return trained;
    } catch (error) {
      if (error instanceof InterruptedError) this.save();
      throw error;
    } finally {
      this.training.dispose();
    }
  }

  /** The lines that it has printed. */
  get log(): string[] {
    return this.findings.log;
  }

  private begin(): Training<F> {
    const training = this.startTraining();
    const { fresh, files } = this.options;
    const { checkpoint } = files;
    if (fresh || !existsSync(checkpoint)) return training;
    try {
      this.resume(training);
      return training;
    } catch (error) {
      training.dispose();
      const { message } = error as Error;
      const isNamed = error instanceof CheckpointError;
      setAside(checkpoint, isNamed ? message : `the checkpoint ${checkpoint} cannot be used: ${message}`);
      return this.startTraining();
    }
  }

  private startTraining(): Training<F> {
    this.findings = { history: [], log: [], seconds: 0 };
    const print = (line: string) => void this.findings.log.push(line);
    return this.experiment.start(this.config, { settings: this.experiment.settings, print });
  }

  private resume(training: Training<F>): void {
    const { state, step, progress } = readCheckpoint(this.options.files.checkpoint, this.key);
    checkProgress(progress);
    training.restore(state);
    if (training.done !== step) throw new Error(`its step is ${step}, that of its state ${training.done}`);
    this.findings = progress;
  }

  private async doSteps({ onHistory, checkpointEvery = 20 }: RunOptions, stop: AbortSignal): Promise<void> {
    const { name, config, training } = this;
    const { history } = this.findings;
    let lastSave = this.seconds;
    const progress = { label: name, note: () => noteOf(history.at(-1)), stop };
    for await (const _ of untilDone(training.steps, () => training.done, progress)) {
      if (this.options.lock?.isLost) throw new TakenOverError(`another process has taken ${name} over`);
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

  private finished(code: string): FinishedRun<F> {
    const { name, config, key, seconds } = this;
    const { history, log } = this.findings;
    const final = this.training.result(history, seconds);
    return { name, config, history, final, log, key, code, backend: backendText(), seconds };
  }

  private save(): void {
    this.write("checkpoint", "The training goes on without it.", (path) => this.writeState(path));
  }

  private keepModel(): void {
    this.write("model", `The model of ${this.name} is not kept.`, (path) => this.writeState(path));
  }

  private writeState(path: string): void {
    const { training, key, findings, seconds } = this;
    const progress: RunProgress = { ...findings, seconds };
    checkProgress(progress);
    writeCheckpoint(path, { key, step: training.done, state: training.state(), progress });
  }

  /** Writes the record; one that another process has written meanwhile stays unless it is to be replaced. */
  private keep(trained: FinishedRun<F>, replace: boolean): void {
    const { checkpoint } = this.options.files;
    this.write(
      "record",
      `The result of ${this.name} is returned, but the next call trains it again.`,
      (path) => {
        writeRecord(path, trained, { replace });
        rmSync(checkpoint, { force: true });
      },
    );
  }

  /** Writes a file unless another process has taken the run over; warns where that fails, once for each file. */
  private write(
    what: "checkpoint" | "model" | "record",
    consequence: string,
    work: (path: string) => void,
  ): void {
    const path = this.options.files[what];
    try {
      if (this.options.lock?.isTakenOver) throw new Error("another process has taken the run over");
      work(path);
    } catch (error) {
      if (this.warned.has(path)) return;
      this.warned.add(path);
      console.warn(`the ${what} ${path} cannot be written: ${(error as Error).message}. ${consequence}`);
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
