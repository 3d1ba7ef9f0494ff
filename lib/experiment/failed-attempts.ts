import { existsSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { writeAtomically } from "../files/write-atomically";

/** How often processes that were started together try a run before they give it up. */
const MOST_ATTEMPTS = 3;
/** How many of the last printed lines the error of a run quotes. */
const QUOTED_LINES = 5;

/** One attempt at a run that ended with an error. */
interface FailedAttempt {
  /** The process, such as `process 12 on node1`. */
  by: string;
  /** The error with its stack. */
  error: string;
  /** The lines that the run had printed. */
  log: string[];
}

/** Thrown where runs failed so often that they were given up, after all other runs are done. */
export class RunsFailedError extends Error {
  override name = "RunsFailedError";

  /**
   * @param reports For each run that was given up its name and what `FailedAttempts` reports.
   * @param count How many runs were asked for.
   */
  constructor(reports: string[], count: number) {
    super(
      `${reports.length} of ${count} runs failed ${MOST_ATTEMPTS} times; the records of the others are kept\n\n` +
        reports.join("\n\n"),
    );
  }
}

/** The failed attempts at one run by processes that were started together, in a file beside its record. */
export class FailedAttempts {
  /**
   * @param path The file.
   * @param launch The processes that were started together: attempts of any others are forgotten.
   */
  constructor(
    private readonly path: string,
    private readonly launch: string,
  ) {}

  /** Whether the run was tried so often that nobody tries it again. */
  get isGivenUp(): boolean {
    return this.attempts().length >= MOST_ATTEMPTS;
  }

  /**
   * Adds an attempt. To be called by the holder of the run's lock only.
   *
   * @returns Whether it could be written; otherwise nobody would know when to give the run up.
   */
  add(error: unknown, log: string[]): boolean {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const attempt: FailedAttempt = { by: `process ${process.pid} on ${hostname()}`, error: text, log };
    const content = { launch: this.launch, attempts: [...this.attempts(), attempt] };
    try {
      writeAtomically(this.path, `${JSON.stringify(content, undefined, 1)}\n`);
      return true;
    } catch {
      return false;
    }
  }

  /** Forgets them, since the run was trained to its end. */
  clear(): void {
    if (existsSync(this.path)) rmSync(this.path, { force: true });
  }

  /** Who failed, the last error, and the last lines that the run had printed. */
  report(): string {
    const attempts = this.attempts();
    const last = attempts.at(-1)!;
    const printed = last.log.slice(-QUOTED_LINES).map((line) => `\n    printed: ${line}`);
    const by = [...new Set(attempts.map(({ by }) => by))].join(", ");
    return `${last.error}${printed.join("")}\n    tried by ${by}; all attempts are in ${this.path}`;
  }

  private attempts(): FailedAttempt[] {
    try {
      const { launch, attempts } = JSON.parse(readFileSync(this.path, "utf8"));
      return launch === this.launch ? attempts : [];
    } catch {
      return []; // there are none, or what is there is no such file
    }
  }
}
