import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { basename } from "node:path";

/** What a worker may be at, in the order of a run. */
export const PHASES = [
  "starting",
  "claiming",
  "waiting",
  "resuming",
  "training",
  "checkpointing",
  "keeping the model",
  "recording",
  "releasing",
  "returning",
] as const;
export type Phase = (typeof PHASES)[number];

/** The width of a phase in its file: it is written at one go, over the last one. */
const WIDTH = 20;

/** A file in which a process says what it is at, for others to read even after the process was killed. */
export class PhaseFile {
  private readonly file: number;

  constructor(path: string) {
    this.file = openSync(path, "w");
    this.publish("starting");
  }

  publish(phase: Phase): void {
    writeSync(this.file, phase.padEnd(WIDTH), 0);
  }

  close(): void {
    closeSync(this.file);
  }
}

/** What a process was at last; "starting" where it has not said anything yet. */
export function readPhase(path: string): Phase {
  try {
    const text = readFileSync(path, "utf8").trimEnd();
    return PHASES.find((phase) => phase === text) ?? "starting";
  } catch {
    return "starting";
  }
}

/**
 * What a run is at that changes one of its files, or undefined for a file that says nothing about that.
 *
 * @param change The function of node:fs.
 * @param path What it is called with: a file of the run, or its temporary file.
 */
export function phaseOfChange(change: string, path: string): Phase | undefined {
  const name = basename(path).replace(/\.\d+\.[0-9a-f]{16}\.tmp$/, "");
  if (name.endsWith(".lock")) return change === "rmSync" && path.endsWith(name) ? "releasing" : "claiming";
  if (name.endsWith(".model.safetensors")) return "keeping the model";
  // The checkpoint is removed only once the record is there.
  if (name.endsWith(".safetensors")) {
    return change === "rmSync" && path.endsWith(name) ? "recording" : "checkpointing";
  }
  return name.endsWith(".json") ? "recording" : undefined;
}
