import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { encodeFrame, FrameReader } from "../link/frames";
import type { FromCells, ToCells } from "../link/messages";
import { processesOf } from "./process-group";
import { StrayOutput } from "./stray-output";

/** Receives what comes from the process of the cells. */
export interface CellListener {
  onMessage(message: FromCells): void;
  /** Called with output that did not come in a message: of native code and of child processes. */
  onStray(name: "stdout" | "stderr", text: string): void;
  onExit(code: number | null, signal: NodeJS.Signals | null): void;
}

/** When it is looked for programs that were just being started as a cell was interrupted: after so many milliseconds, so often. */
const LATE_STARTS = { every: 150, tries: 10 };

/** The process that runs the cells, with its pipes. */
export class CellProcess {
  private readonly child: ChildProcess;
  private readonly stray: StrayOutput[] = [];
  private readonly inbox: Writable;

  /** @param folder The notebook's folder. */
  constructor(folder: string) {
    const program = [...process.execArgv, join(__dirname, "..", "cells", "main.ts"), folder];
    // A process group of its own shields it from the signals that a terminal or Jupyter sends to the kernel. It is
    // interrupted by messages instead.
    this.child = spawn(process.execPath, program, {
      stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
      detached: true,
    });
    this.inbox = this.child.stdio[4] as Writable;
    // Writing to a process that has exited fails; its exit is reported separately.
    this.inbox.on("error", () => {});
  }

  /** Starts delivering. Until then, whatever arrives waits in the pipes. */
  listen(listener: CellListener): void {
    const reader = new FrameReader<FromCells>((message) => listener.onMessage(message));
    (this.child.stdio[3] as Readable).on("data", (chunk: Buffer) => reader.read(chunk));
    for (const name of ["stdout", "stderr"] as const) {
      this.stray.push(new StrayOutput(this.child[name]!, (text) => listener.onStray(name, text)));
    }
    this.child.once("close", (code, signal) => listener.onExit(code, signal));
  }

  send(message: ToCells): void {
    this.inbox.write(encodeFrame(message));
  }

  /** Resolves when all output of a cell has arrived, including output that bypassed the messages. */
  async outputOf(cell: number): Promise<void> {
    await Promise.all(this.stray.map((stream) => stream.upTo(cell)));
  }

  /**
   * Interrupts the programs that the running cell has started, as Ctrl+C in a terminal does: each once, a program that
   * was just being started a moment later.
   *
   * @param isOver Whether the cell has ended.
   * @returns Whether any programs were running.
   */
  interruptPrograms(isOver: () => boolean): boolean {
    const { pid } = this.child;
    if (pid === undefined) return false;
    const told = processesOf(pid);
    this.signal("SIGINT", { group: true });
    void this.interruptLateStarts(pid, new Set(told), isOver);
    return told.length > 0;
  }

  private async interruptLateStarts(pid: number, told: Set<number>, isOver: () => boolean): Promise<void> {
    for (let tries = 0; tries < LATE_STARTS.tries; tries++) {
      await sleep(LATE_STARTS.every);
      if (isOver()) return;
      for (const program of processesOf(pid).filter((one) => !told.has(one))) {
        told.add(program);
        kill(program, "SIGINT");
      }
    }
  }

  /** Sends a signal to the process alone or, with `group`, also to every process that cells have started. */
  signal(signal: NodeJS.Signals, { group = false } = {}): void {
    const { pid } = this.child;
    if (pid !== undefined) kill(group ? -pid : pid, signal);
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // The process has exited.
  }
}
