import type { Final } from "../training/training";
import { finiteAt, listAt, objectAt, textAt, wrong } from "./json-shape";
import type { Run } from "./results";

/** The progress of a run: its history, its printed lines and its time. */
export interface RunProgress {
  history: ({ step: number } & Record<string, number>)[];
  /** The printed lines. */
  log: string[];
  /** The time spent training, in seconds, without pauses. */
  seconds: number;
}

/** A run that was trained to its end. */
export interface FinishedRun<F extends Final = Record<string, number>> extends Run<F>, RunProgress {
  /** The hash of its configuration, experiment and data: see `keyOf`. */
  key: string;
  /** The commit of the code that trained it. */
  code: string;
  /** The backend that trained it, as `backendText` describes it. */
  backend: string;
}

/**
 * Checks the progress of a run: rows of finite numbers that each have a step, lines of text, a time.
 *
 * @throws TypeError that names the first part that is wrong, its value and what was expected
 */
export function checkProgress(value: unknown): asserts value is RunProgress {
  const { history, log, seconds } = objectAt(value, "the run");
  for (const [i, row] of listAt(history, "history").entries()) {
    const cells = objectAt(row, `history[${i}]`);
    finiteAt(cells["step"], `history[${i}].step`);
    for (const [name, cell] of Object.entries(cells)) finiteAt(cell, `history[${i}].${name}`);
  }
  for (const [i, line] of listAt(log, "log").entries()) textAt(line, `log[${i}]`);
  finiteAt(seconds, "seconds");
  if ((seconds as number) < 0) throw wrong(seconds, "seconds", "0 or more");
}

/**
 * Checks the shape of a finished run, as it comes out of a file or goes into one.
 *
 * @throws TypeError as `checkProgress` does
 */
export function checkFinishedRun(value: unknown): asserts value is FinishedRun<Final> {
  const run = objectAt(value, "the run");
  for (const name of ["name", "key", "code", "backend"]) textAt(run[name], name);
  objectAt(run["config"], "config");
  for (const [name, part] of Object.entries(objectAt(run["final"], "final"))) {
    if (Array.isArray(part)) for (const [i, item] of part.entries()) finiteAt(item, `final.${name}[${i}]`);
    else finiteAt(part, `final.${name}`);
  }
  checkProgress(run);
}
