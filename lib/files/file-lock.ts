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
/** The number of polls without a heartbeat after which a holder counts as dead, a minute because a step may be slow. */
const SILENT_POLLS = 300;
/** The same for a holder in this process, whose heartbeat runs whenever polls do unless its cell was abandoned. */
const SILENT_POLLS_WITHIN = 25;

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
  /** The interval between two polls of the lock in milliseconds. Default: 200. */
  pollEvery?: number;
}

/** A lock file that this process holds, with a heartbeat by which others know that the holder is alive. */
export class FileLock {
  private readonly heartbeat: NodeJS.Timeout;

  private constructor(
    private readonly path: string,
    private readonly content: string,
  ) {
    this.heartbeat = setInterval(() => this.beat(), HEARTBEAT_MS).unref();
  }

  /**
   * Acquires the lock once no other process holds it. The lock of a dead process is taken over, at once if it ran on
   * this machine, else after a minute without a heartbeat.
   *
   * @param path The lock file; its folder is created if it does not exist.
   * @returns The lock; undefined if `isDone` returned true while another process held it.
   * @throws AbortError if the signal aborts the waiting; Error of the file system if the file cannot be created.
   */
  static async acquire(
    path: string,
    { onWait, isDone, signal, pollEvery = 200 }: WaitOptions,
  ): Promise<FileLock | undefined> {
    mkdirSync(dirname(path), { recursive: true });
    const content = JSON.stringify({ id: randomUUID(), host: machine(), pid: process.pid });
    const watch = new HolderWatch(path);
    for (let tries = 0; !createFile(path, content); tries++) {
      watch.poll();
      if (isDone()) return undefined;
      if (watch.isDead) removeFile(path, watch.content);
      else {
        if (tries === 0) onWait(watch.holderText);
        await sleep(pollEvery, undefined, { signal });
      }
    }
    return new FileLock(path, content);
  }

  /** Whether another process took the lock over because it considered this one dead. */
  get isTakenOver(): boolean {
    const content = read(this.path);
    return content !== "" && content !== this.content;
  }

  /** Releases the lock, unless another process has taken it over. */
  release(): void {
    clearInterval(this.heartbeat);
    if (read(this.path) === this.content) rmSync(this.path, { force: true });
  }

  private beat(): void {
    try {
      if (read(this.path) === this.content) utimesSync(this.path, new Date(), new Date());
      else createFile(this.path, this.content); // the user may have deleted it with the records
    } catch {
      // A failed heartbeat only counts as a missed one.
    }
  }
}

/** Watches another holder's lock for heartbeats without comparing clocks, which differ between machines. */
class HolderWatch {
  content = "";
  private seen = "";
  private silentPolls = 0;

  constructor(private readonly path: string) {}

  poll(): void {
    this.content = read(this.path);
    const now = `${statSync(this.path, { throwIfNoEntry: false })?.mtimeMs} ${this.content}`;
    this.silentPolls = now === this.seen ? this.silentPolls + 1 : 0;
    this.seen = now;
  }

  get isDead(): boolean {
    const { holder } = this;
    const isHere = holder?.host === machine();
    if (isHere && !isAlive(holder.pid)) return true;
    const isOwnProcess = isHere && holder.pid === process.pid;
    return this.silentPolls > (isOwnProcess ? SILENT_POLLS_WITHIN : SILENT_POLLS);
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
