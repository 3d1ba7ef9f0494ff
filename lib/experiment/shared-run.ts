import { setTimeout as sleep } from "node:timers/promises";
import { host } from "../display/host";
import { InterruptedError } from "../display/progress";
import { type FileLock, LockAttempt } from "../files/file-lock";
import type { Final } from "../training/training";
import type { Config } from "./config";
import type { Experiment, RunOptions } from "./experiment";
import { FailedAttempts } from "./failed-attempts";
import type { FinishedRun } from "./finished-run";
import { removeLeftovers } from "./leftovers";
import type { RunFiles } from "./record";
import { RunSession, TakenOverError } from "./run-session";
import { whileStoppable } from "./stop-signals";

/** The milliseconds between two looks at the runs that other processes train. */
const POLL_MS = 200;

/** What came of an attempt to find or train a run. */
export type Outcome<F extends Final> =
  | { run: FinishedRun<F>; isFound: boolean }
  | "held" // another process trains it
  | "failed" // it is to be tried again
  | { failures: FailedAttempts }; // it is given up

/** How a run is found, and who shares it. */
interface SharedRunOptions<F extends Final> {
  files: RunFiles;
  /** Its record, where there is one that may be taken. */
  find(): FinishedRun<F> | undefined;
  /** As in `RunStoreOptions`. */
  launch: string | undefined;
  takeOverAfter: number | undefined;
}

/** A run that other processes may ask for at the same time. */
export class SharedRun<C extends Config, F extends Final> {
  readonly name: string;
  private readonly lock: LockAttempt;
  private readonly failures: FailedAttempts | undefined;
  private isTold = false;

  constructor(
    private readonly config: C,
    private readonly experiment: Experiment<C, F>,
    private readonly options: SharedRunOptions<F>,
  ) {
    const { files, launch, takeOverAfter } = options;
    this.name = experiment.nameOf(config);
    this.lock = new LockAttempt(files.lock, takeOverAfter);
    if (launch !== undefined) this.failures = new FailedAttempts(files.failures, launch);
  }

  /** Says once that another process trains it. */
  tellHolder(): void {
    if (this.isTold) return;
    this.isTold = true;
    const text = `${this.name}: ${this.lock.holderText} trains this run; waiting for its record`;
    host().display({ "text/plain": text });
  }

  /** Finds the run or trains it, unless another process does, or it was given up. */
  async findOrTrain(options: RunOptions & { fresh: boolean; code: () => string }): Promise<Outcome<F>> {
    const { find, files } = this.options;
    const earlier = find();
    if (earlier) {
      removeLeftovers(this.lock, files);
      return { run: earlier, isFound: true };
    }
    if (this.failures?.isGivenUp) return { failures: this.failures };
    // The process ends by a signal only once the lock is released.
    return whileStoppable(async (stop) => {
      const lock = this.takeLock();
      if (lock === "held") return "held";
      try {
        // Another process may have finished it just before it gave the lock back.
        const record = find();
        if (record) return { run: record, isFound: true };
        return await this.train(lock, options, stop);
      } finally {
        lock?.release();
      }
    });
  }

  /** The lock; undefined where the file system does not let it be made, "held" where another process holds it. */
  private takeLock(): FileLock | "held" | undefined {
    try {
      return this.lock.take() ?? "held";
    } catch (error) {
      const { lock } = this.options.files;
      const { message } = error as Error;
      console.warn(`the lock ${lock} cannot be made: ${message}. ${this.name} is trained without it.`);
      return undefined;
    }
  }

  private async train(
    lock: FileLock | undefined,
    { code, ...options }: RunOptions & { fresh: boolean; code: () => string },
    stop: AbortSignal,
  ): Promise<Outcome<F>> {
    let session: RunSession<C, F> | undefined;
    try {
      const { files } = this.options;
      session = new RunSession(this.config, this.experiment, { files, fresh: options.fresh, lock });
      const run = await session.train(options, code(), stop);
      this.failures?.clear();
      return { run, isFound: false };
    } catch (error) {
      return this.outcomeOf(error, session?.log ?? []);
    }
  }

  /** What follows from an error of the training; it is thrown where it ends the list of runs. */
  private outcomeOf(error: unknown, log: string[]): "held" | "failed" {
    if (error instanceof TakenOverError) {
      console.warn(`${error.message}: its record is waited for`);
      return "held";
    }
    if (error instanceof InterruptedError || !this.failures?.add(error, log)) throw error;
    console.warn(`${this.name} failed and is tried again later: ${(error as Error).message}`);
    return "failed";
  }
}

/** Waits a moment for runs that other processes train. */
export async function waitForOthers(
  runs: Pick<SharedRun<Config, Final>, "name" | "tellHolder">[],
): Promise<void> {
  for (const run of runs) run.tellHolder();
  await whileStoppable(async (stop) => {
    await sleep(POLL_MS);
    if (!host().signal.aborted && !stop.aborted) return;
    const names = runs.map(({ name }) => name).join(", ");
    throw new InterruptedError(`interrupted while other processes trained ${names}`);
  });
}
