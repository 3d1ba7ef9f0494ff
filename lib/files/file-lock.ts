import { randomUUID } from "node:crypto";
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { temporaryName } from "./write-atomically";

/** The interval in milliseconds between two heartbeats. */
const HEARTBEAT_MS = 1000;
/** The milliseconds without a heartbeat after which a holder counts as dead: a minute, because a step may be slow. */
const SILENCE_MS = 60_000;
/** The same for a holder in this process, whose heartbeat runs whenever attempts do unless its cell was abandoned. */
const SILENCE_WITHIN_MS = 5000;
/** The attempts that must have found no heartbeat: while this process stood still it could not have seen any. */
const SILENT_ATTEMPTS = 10;

/** The holder of a lock, as written in its file. */
interface Holder {
  id: string;
  host: string;
  pid: number;
}

/** Options for acquiring a lock. */
export interface WaitOptions {
  /** Called once if another process holds the lock, with a text such as `process 123 on host`. */
  onWait(holder: string): void;
  /** Polled while another process holds the lock; returns whether the lock is no longer needed. */
  isDone(): boolean;
  /** Aborts the waiting. */
  signal: AbortSignal;
  /** The interval between two attempts in milliseconds. Default: 200. */
  pollEvery?: number;
}

/** A lock file that this process holds, with a heartbeat by which others know that the holder is alive. */
export class FileLock {
  private readonly heartbeat: NodeJS.Timeout;
  private lost = false;

  /** @param content What this holder has written to the file. */
  constructor(
    private readonly path: string,
    private readonly content: string,
  ) {
    this.heartbeat = setInterval(() => this.beat(), HEARTBEAT_MS).unref();
  }

  /**
   * Acquires the lock once no other process holds it, as `LockAttempt` does.
   *
   * @param path The lock file; its folder is created if it does not exist.
   * @returns The lock; undefined if `isDone` returned true while another process held it.
   * @throws AbortError if the signal aborts the waiting; Error of the file system if the file cannot be created.
   */
  static async acquire(
    path: string,
    { onWait, isDone, signal, pollEvery = 200 }: WaitOptions,
  ): Promise<FileLock | undefined> {
    const attempt = new LockAttempt(path);
    for (let tries = 0; ; tries++) {
      const lock = attempt.take();
      if (lock) return lock;
      if (isDone()) return undefined;
      if (tries === 0) onWait(attempt.holderText);
      await sleep(pollEvery, undefined, { signal });
    }
  }

  /** Whether a heartbeat has found that another process took the lock over because it considered this one dead. */
  get isLost(): boolean {
    return this.lost;
  }

  /** The same, as of now: reads the file. */
  get isTakenOver(): boolean {
    return this.isAnothers(read(this.path));
  }

  /** Releases the lock, unless another process has taken it over. */
  release(): void {
    clearInterval(this.heartbeat);
    if (read(this.path) === this.content) rmSync(this.path, { force: true });
  }

  private beat(): void {
    const content = read(this.path);
    this.lost = this.isAnothers(content);
    try {
      if (content === this.content) utimesSync(this.path, new Date(), new Date());
      else createFile(this.path, this.content); // the user may have deleted it with the records
    } catch {
      // A failed heartbeat only counts as a missed one.
    }
  }

  private isAnothers(content: string): boolean {
    return content !== "" && content !== this.content;
  }
}

/** Attempts to take a lock, and watches its holder from one attempt to the next. */
export class LockAttempt {
  private readonly content = JSON.stringify({ id: randomUUID(), host: machine(), pid: process.pid });
  private readonly watch: HolderWatch;

  /**
   * @param path The lock file; its folder is created if it does not exist.
   * @param silence The milliseconds without a heartbeat after which the lock of another process is taken over.
   *   Default: a minute.
   */
  constructor(
    private readonly path: string,
    silence = SILENCE_MS,
  ) {
    this.watch = new HolderWatch(path, silence);
  }

  /**
   * Takes the lock if no other process holds it. The lock of a dead process is taken over: at once if it ran on this
   * machine, else after some silence.
   *
   * @returns Undefined where another process holds it.
   * @throws Error of the file system if the file cannot be created.
   */
  take(): FileLock | undefined {
    mkdirSync(dirname(this.path), { recursive: true });
    while (!createFile(this.path, this.content)) {
      this.watch.look();
      if (!this.watch.isDead) return undefined;
      removeFile(this.path, this.watch.content);
    }
    return new FileLock(this.path, this.content);
  }

  /** The process that held the lock at the last attempt, such as `process 123 on host`. */
  get holderText(): string {
    return this.watch.holderText;
  }
}

/** Watches another holder's lock for heartbeats without comparing clocks, which differ between machines. */
class HolderWatch {
  content = "";
  private seen = "";
  private silentLooks = 0;
  private silentSince = 0;

  constructor(
    private readonly path: string,
    private readonly silence: number,
  ) {}

  look(): void {
    this.content = read(this.path);
    const now = `${statSync(this.path, { throwIfNoEntry: false })?.mtimeMs} ${this.content}`;
    this.silentLooks = now === this.seen ? this.silentLooks + 1 : 0;
    if (this.silentLooks === 0) this.silentSince = performance.now();
    this.seen = now;
  }

  get isDead(): boolean {
    const { holder } = this;
    const isHere = holder?.host === machine();
    if (isHere && !isAlive(holder.pid)) return true;
    const isOwnProcess = isHere && holder.pid === process.pid;
    const patience = isOwnProcess ? Math.min(SILENCE_WITHIN_MS, this.silence) : this.silence;
    return this.silentLooks >= SILENT_ATTEMPTS && performance.now() - this.silentSince >= patience;
  }

  get holderText(): string {
    const { holder } = this;
    return holder ? `process ${holder.pid} on ${holder.host.split(" ")[0]}` : "another process";
  }

  /** The holder; undefined while its file is being written. */
  private get holder(): Holder | undefined {
    try {
      return JSON.parse(this.content);
    } catch {
      return undefined;
    }
  }
}

/** Creates the lock file. @returns Whether it did not exist before. */
function createFile(path: string, content: string): boolean {
  let file: number;
  try {
    file = openSync(path, "wx");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  try {
    writeFileSync(file, content);
    return true;
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

/** Removes a dead holder's file, but not one by which another process has replaced it in the meantime. */
function removeFile(path: string, content: string): void {
  const aside = temporaryName(path);
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  const removed = read(aside);
  rmSync(aside, { force: true });
  if (removed !== content) createFile(path, removed);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Identifies the scope of process ids: the host name and, on Linux, the container's process namespace. */
function machine(): string {
  try {
    return `${hostname()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
