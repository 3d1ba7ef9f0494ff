import { readdirSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { FinishedRun } from "../../lib/experiment/finished-run";
import { writeAtomically } from "../../lib/files/write-atomically";
import { Chance } from "./chance";
import { type References, recordsIn } from "./references";
import type { SoakWork } from "./worker";
import { WorkerProcess } from "./worker-process";

/** The longest that a worker may take to end, in milliseconds. */
const PATIENCE_MS = 240_000;
/** More than the age in seconds beyond which temporary files are removed. */
const TWO_HOURS = 7200;

/** What a round found. */
export interface RoundFindings {
  takenOver: number;
  resumed: number;
  abandoned: number;
  left: number;
  faults: string[];
}

/** Workers that share a list of runs in a folder of their own. */
export class RecordsRound {
  readonly chance: Chance;
  private readonly workers: WorkerProcess[] = [];
  private readonly faults: string[] = [];

  constructor(private readonly work: Pick<SoakWork, "folder" | "seeds" | "seed" | "takeOverAfter">) {
    this.chance = new Chance(work.seed);
  }

  get running(): WorkerProcess[] {
    return this.workers.filter(({ isOver }) => !isOver);
  }

  /** Whether a worker has returned all runs. */
  get isDone(): boolean {
    return returnedIn(this.work.folder).length > 0;
  }

  /** Starts workers until there are so many. */
  fill(count: number): void {
    while (this.running.length < count) this.start();
  }

  /** Those that have gone beyond their start. */
  get begun(): WorkerProcess[] {
    return this.running.filter(({ phase }) => phase !== "starting");
  }

  /** Waits until there is one of them. */
  async untilOneHasBegun(): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (this.running.length > 0 && this.begun.length === 0) {
      if (performance.now() > deadline) throw new Error(`no worker has begun: ${this.workers.at(-1)?.text}`);
      await sleep(5);
    }
  }

  /** Waits for the end of a worker; one that does not end is a fault, and is killed. */
  async untilEnded(worker: WorkerProcess): Promise<void> {
    const patience = new AbortController();
    const late = sleep(PATIENCE_MS, "late", { signal: patience.signal }).catch(() => "");
    if ((await Promise.race([worker.ended, late])) === "late") {
      this.faults.push(`a worker did not end within ${PATIENCE_MS / 1000} s; it was ${worker.phase}`);
      worker.signal("SIGKILL");
      await worker.ended;
    }
    patience.abort();
  }

  /** Lets the workers come to their ends, and compares what they leave with the undisturbed runs. */
  async finish(references: References): Promise<RoundFindings> {
    if (!this.isDone) this.fill(1);
    for (const worker of this.running) await this.untilEnded(worker);
    // Another finds all runs, and removes what the killed ones left beside them.
    this.fill(1);
    for (const worker of this.running) await this.untilEnded(worker);
    const { folder, seeds } = this.work;
    const records = recordsIn(folder);
    for (const seed of seeds) this.faults.push(...references.differences(seed, records));
    this.checkReturned(references);
    this.checkNames(records);
    const begun = readFileSync(join(folder, "begun.log"), "utf8").trim().split("\n");
    return {
      takenOver: begun.length - seeds.length,
      resumed: begun.filter((line) => !line.endsWith(" 0")).length,
      ...abandonedIn(records),
      faults: this.faults,
    };
  }

  private start(): void {
    const count = this.workers.length;
    const worker = new WorkerProcess({
      ...this.work,
      launch: `${this.work.seed}`,
      phaseFile: join(this.work.folder, `phase-${count}`),
      isSlow: true,
      seed: this.chance.below(1e6),
    });
    this.workers.push(worker);
    void worker.ended.then((end) => {
      if (typeof end === "number" && end !== 0) this.faults.push(`a worker failed: ${worker.text}`);
      if (worker.text.includes("is kept as")) this.faults.push(`a file was damaged: ${worker.text}`);
    });
  }

  /** Each worker that came to its end has returned all runs, in order. */
  private checkReturned(references: References): void {
    const { folder, seeds } = this.work;
    for (const name of returnedIn(folder)) {
      const runs: FinishedRun[] = JSON.parse(readFileSync(join(folder, name), "utf8"));
      const wrong = seeds.flatMap((seed, i) =>
        references.runDifferences(`${name}, seed ${seed}`, seed, runs[i]),
      );
      this.faults.push(...wrong);
    }
  }

  /** Nothing is left beside records and models but temporary files. */
  private checkNames(records: string): void {
    const others = readdirSync(records).filter((name) => !/(\.json|\.model\.safetensors|\.tmp)$/.test(name));
    if (others.length > 0) this.faults.push(`left beside the records: ${others.join(", ")}`);
  }
}

/** The files that workers which came to their ends have left. */
function returnedIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => /^returned-\d+$/.test(name));
}

/**
 * Counts the temporary files of processes that were killed while they wrote, and those that are left when these files
 * are two hours old and another is written.
 */
function abandonedIn(records: string): { abandoned: number; left: number } {
  const temporary = () => readdirSync(records).filter((name) => name.endsWith(".tmp"));
  const then = Date.now() / 1000 - TWO_HOURS;
  const abandoned = temporary();
  for (const name of abandoned) utimesSync(join(records, name), then, then);
  const probe = join(records, "probe.json");
  writeAtomically(probe, "");
  rmSync(probe);
  return { abandoned: abandoned.length, left: temporary().length };
}
