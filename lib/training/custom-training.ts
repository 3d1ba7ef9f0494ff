import type { State, Stateful } from "../checkpoint/state";
import { checkOptions } from "../checks/check-options";
import type { Final, Row, Training } from "./training";
import { Turn } from "./turn";

/** Options of `CustomTraining`. */
export interface CustomTrainingOptions<F extends Final = Record<string, number>> {
  /** The number of steps, ≥ 1. */
  steps: number;
  /** Does a step, counted from 1. */
  step(step: number): void;
  /** Called after the steps for which `when` is true; what `do` returns, if anything, is a row of the history. */
  onStep?: {
    when(step: number): boolean;
    // biome-ignore lint/suspicious/noConfusingVoidType: a function without a return statement is one too
    do(step: number): Record<string, number> | undefined | void;
  };
  /** Whether the training ends early; asked again and again with the whole history. Default: it does not. */
  isOver?(history: Row[]): boolean;
  /** The final result. Default: the last row of the history, without its step. */
  onEnd?(history: Row[], seconds: number): F;
  /** All that the steps change, for checkpoints. Default: none, and then the training cannot be saved. */
  state?: Stateful;
}

const OPTIONS: Record<keyof CustomTrainingOptions, true> = {
  steps: true,
  step: true,
  onStep: true,
  isOver: true,
  onEnd: true,
  state: true,
};

/**
 * A training whose step is written by hand, such as gradients derived on paper applied to matrices; `train` and `run`
 * take it as they take a `Trainer`.
 *
 * @example
 * const training = new CustomTraining({
 *   steps: 1000,
 *   step: () => gradientStep(network, gradients(network), 0.1),
 *   onStep: { when: (step) => step % 10 === 0, do: () => ({ loss: lossOf(network) }) },
 * });
 */
export class CustomTraining<F extends Final = Record<string, number>> implements Training<F> {
  readonly steps: number;
  done = 0;
  private readonly turn = new Turn();

  /** @throws Error for an option that is not known, or a number of steps that is not a positive integer. */
  constructor(private readonly options: CustomTrainingOptions<F>) {
    checkOptions("CustomTraining", options, Object.keys(OPTIONS));
    const { steps } = options;
    if (!Number.isInteger(steps) || steps < 1) {
      throw new RangeError(`steps is ${steps}, expected an integer of 1 or more`);
    }
    this.steps = steps;
  }

  /** Runs the next steps, as many as take about 50 ms, and returns the rows to append to the history. */
  advance(): Row[] {
    const { step, onStep } = this.options;
    const wanted = this.turn.steps((ahead) => onStep?.when(this.done + ahead) ?? false);
    const count = Math.min(wanted, this.steps - this.done);
    this.turn.take(count, () => {
      for (let i = 0; i < count; i++) {
        step(this.done + 1);
        this.done++;
      }
    });
    const row = onStep?.when(this.done) ? onStep.do(this.done) : undefined;
    return row ? [{ step: this.done, ...row }] : [];
  }

  isOver(history: Row[]): boolean {
    return this.options.isOver?.(history) ?? false;
  }

  result(history: Row[], seconds: number): F {
    if (this.options.onEnd) return this.options.onEnd(history, seconds);
    const { step, ...last } = history.at(-1) ?? { step: 0 };
    return last as Record<string, number> as F;
  }

  /** "done" and the state that it was given. */
  state(): State {
    return { ...this.given().state(), done: { shape: [], values: Float64Array.of(this.done) } };
  }

  restore({ done, ...state }: State): void {
    this.given().restore(state);
    this.done = done?.values[0] ?? 0;
  }

  /** It has nothing of its own to free. */
  dispose(): void {}

  private given(): Stateful {
    if (this.options.state) return this.options.state;
    throw new Error("CustomTraining: state is undefined, expected what the steps change, to save it");
  }
}
