import type { Stateful } from "../checkpoint/state";

/** The final result of a training: numbers and lists of numbers, by name. */
export type Final = Record<string, number | number[]>;

/** A row of a training's history: the number of a step and the quantities noted after it. */
export type Row = { step: number } & Record<string, number>;

/** A training that runs a few steps at a time and can be saved between them. */
export interface Training<F extends Final = Record<string, number>> extends Stateful {
  /** The number of steps from start to end. */
  readonly steps: number;
  /** The number of steps done. */
  readonly done: number;
  /**
   * Runs the next steps, as many as take about 50 ms and at least one.
   *
   * @param history All rows so far.
   * @returns The rows to append to the history.
   */
  advance(history: Row[]): Row[];
  /** Whether the training ends here, before its last step. Default: no. */
  isOver?(history: Row[]): boolean;
  /** The final result, after the last step; `seconds` is the time that the training took. */
  result(history: Row[], seconds: number): F;
  /** Frees what is its own, such as compiled steps, but not what it was given. Default: it has nothing of its own. */
  release?(): void;
  /** Frees all but its model, and gives that back. Default: it has none to give. */
  takeModel?(): unknown;
  /** Frees all of its memory, that of its model and optimizer too. */
  dispose(): void;
}
