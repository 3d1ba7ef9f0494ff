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

const HEARTBEAT_MS = 1000;
/** So many polls without a heartbeat tell that a holder has died: a minute in all, since one step may take long. */
const SILENT_POLLS = 300;
/** In this process the heartbeat beats whenever polls run, unless its notebook cell was abandoned. */
const SILENT_POLLS_WITHIN = 25;

/** Who holds a lock, as its file says. */
interface Holder {
  id: string;
  host: string;
  pid: number;
}

export interface WaitOptions {
  /** Called once where another holds the lock, with a text such as `process 123 on host`. */
  onWait(holder: string): void;
  /** Asked again and again while another holds it: whether the lock is not needed any more. */
  isDone(): boolean;
  /** Ends the waiting. */
  signal: AbortSignal;
  /** The milliseconds between two looks at the lock. Default: 200. */
  pollEvery?: number;
}

/** A lock file that this process holds; it tells others by a heartbeat that it lives. */
export class FileLock {
  private readonly heartbeat: NodeJS.Timeout;

  private constructor(
    private readonly path: string,
    private readonly content: string,
  ) {
    this.heartbeat = setInterval(() => this.beat(), HEARTBEAT_MS).unref();
  }

  /**
   * Takes the lock as soon as no other holds it. That of a process that has died is taken over: at once where it ran
   * on this machine, else after a minute without a heartbeat.
   *
   * @returns undefined where `isDone` came true while another held it.
   * @throws AbortError where the signal ends the waiting; Error of the file system where the file cannot be made
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

  /** Whether another process, which believed this one dead, holds the lock now. */
  get isTakenOver(): boolean {
    const content = read(this.path);
    return content !== "" && content !== this.content;
  }

  release(): void {
    clearInterval(this.heartbeat);
    if (read(this.path) === this.content) rmSync(this.path, { force: true });
  }

  private beat(): void {
    try {
      if (read(this.path) === this.content) utimesSync(this.path, new Date(), new Date());
      else createFile(this.path, this.content); // it may have been deleted with the records
    } catch {
      // A heartbeat that fails is one that is missed.
    }
  }
}

/** Follows the lock of another; clocks are not compared, since they differ among machines. */
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

  /** Undefined while the file is just being written. */
  private get holder(): Holder | undefined {
    try {
      return JSON.parse(this.content);
    } catch {
      return undefined;
    }
  }
}

/** @returns Whether the file did not exist. */
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

/** Removes a dead holder's file, but not one that another process has put in its place meanwhile. */
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

/** Where process ids mean the same: the machine's name and, on Linux, the container's namespace of processes. */
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
