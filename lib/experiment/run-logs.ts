import type { Displayable } from "../display/display";
import { foldedParts } from "../display/folded";
import type { Final } from "../training/training";
import type { FinishedRun } from "./finished-run";

/**
 * Displays what runs printed, in one output: a line for each run, which opens to show its log.
 *
 * @param runs The runs; those that printed nothing are left out.
 * @param summaryOf Returns the line of a run. Default: its name.
 * @example
 * await display(runLogs(runs, ({ name, final }) => `${name}: test loss ${final.testLoss.toFixed(4)}`));
 */
export function runLogs<F extends Final>(
  runs: readonly FinishedRun<F>[],
  summaryOf: (run: FinishedRun<F>) => string = ({ name }) => name,
): Displayable {
  const printed = runs.filter(({ log }) => log.length > 0);
  return foldedParts(printed.map((run) => ({ summary: summaryOf(run), lines: run.log })));
}
