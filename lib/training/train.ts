import { untilDone } from "../display/progress";
import type { Final, Row, Training } from "./training";

/** Options of `train`. */
export interface TrainOptions {
  /** The label of the progress bar; null for no bar, such as within a loop that has one. Default: "training". */
  label?: string | null;
  /** Called when the history has grown, with all of it; a promise is waited for. */
  onHistory?: (history: Row[]) => unknown;
}

/** What a training came to. */
export interface Trained<F extends Final> {
  history: Row[];
  final: F;
  /** The time that it took, in seconds. */
  seconds: number;
}

/**
 * Runs a training to its end below a progress bar. Nothing is recorded, and model and optimizer are left to the
 * caller: to record a training, and to resume it after a cut, use `run`.
 *
 * @throws InterruptedError where the user interrupts the cell
 * @example
 * const { history, final } = await train(new Trainer({ model, optimizer, loader, loss: crossEntropy, epochs: 3 }));
 */
export async function train<F extends Final>(
  training: Training<F>,
  { label = "training", onHistory }: TrainOptions = {},
): Promise<Trained<F>> {
  const history: Row[] = [];
  const started = performance.now();
  try {
    for await (const _ of untilDone(training.steps, () => training.done, { label })) {
      const rows = training.advance(history);
      history.push(...rows);
      if (rows.length > 0) await onHistory?.(history);
      if (training.isOver?.(history)) break;
    }
    const seconds = (performance.now() - started) / 1000;
    return { history, final: training.result(history, seconds), seconds };
  } finally {
    training.release?.();
  }
}
