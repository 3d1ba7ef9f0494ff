import type { tf } from "../backend/tf";
import type { DataLoader } from "../data/loader";
import type { Optimizer, Scheduler } from "../optim/optimizer";
import type { Model } from "./model";
import type { Loss, Metric, Scores } from "./scores";
import type { Final, Row } from "./training";

/** A step of a training. */
export interface Position {
  /** The number of steps done with it, from 1. */
  step: number;
  /** The epoch, from 1. */
  epoch: number;
  /** The number of steps of the epoch done with it, from 1. */
  batch: number;
}

/** Where a training is after a step. */
export interface TrainerProgress<Name extends string = never> extends Position {
  /** What the step minimized, before it: the mean loss of its batch, and the penalty where there is one. */
  loss: number;
  /** The scores of all batches of the epoch so far, each before its step. */
  soFar: Scores<Name>;
}

/** Scores the model on all examples of the evaluation's loader. */
export type Evaluate<Name extends string = never> = () => Scores<Name>;

/** Options of `Trainer`. */
export interface TrainerOptions<Name extends string = never, F extends Final = Record<string, number>> {
  model: Model;
  /** Of the model's parameters, or of some of them. */
  optimizer: Optimizer<{ lr: number }>;
  /** Steps at the end of each epoch, and is told the loss of its last batch. Default: the learning rate stays. */
  scheduler?: Scheduler;
  /** Of the data set to train on. Of several loaders over one data set, an epoch is a pass of each in turn. */
  loader: DataLoader | readonly DataLoader[];
  /** What is minimized: the mean loss of a batch, such as `crossEntropy`. */
  loss: Loss;
  /** Added to the loss in training, not in evaluation, such as a regularizer. Default: none. */
  penalty?: () => tf.Scalar;
  /** What is measured besides the loss, in training and in evaluation, such as `{ accuracy }`. Default: none. */
  metrics?: Readonly<Record<Name, Metric>>;
  /** Of the data set to evaluate on. Default: none. */
  evaluation?: DataLoader;
  /** The number of epochs, ≥ 1. */
  epochs: number;
  /** Ends the training at this step, which may lie within an epoch. Default: the last of the epochs. */
  steps?: number;
  /**
   * Called after the steps for which `when` is true; what `do` returns, if anything, is a row of the history. Between
   * such steps several are done in one native call. Default: at the end of each epoch, a row of its scores and of
   * what `onEpoch` returns.
   */
  onStep?: {
    when(position: Position): boolean;
    // biome-ignore lint/suspicious/noConfusingVoidType: a function without a return statement is one too
    do(progress: TrainerProgress<Name>, evaluate: Evaluate<Name>): Record<string, number> | undefined | void;
  };
  /**
   * Called at the end of each epoch, before the scheduler; what it returns at the last one is the final result.
   * Default: nothing where there is an `onStep`, else the evaluation's scores, such as `evaluationLoss`.
   */
  onEpoch?(epoch: number, evaluate: Evaluate<Name>): Record<string, number>;
  /** Whether the training ends early; asked again and again with the whole history. Default: it does not. */
  isOver?(history: Row[]): boolean;
  /**
   * Called after the last step, with the whole history and the seconds that the training took; its result is added to
   * the final result. Default: the last epoch's scores where there is no `onStep`.
   */
  onEnd?(evaluate: Evaluate<Name>, history: Row[], seconds: number): F;
}

/** The name of every option. */
export const OPTIONS: Record<keyof TrainerOptions, true> = {
  model: true,
  optimizer: true,
  scheduler: true,
  loader: true,
  loss: true,
  penalty: true,
  metrics: true,
  evaluation: true,
  epochs: true,
  steps: true,
  onStep: true,
  onEpoch: true,
  isOver: true,
  onEnd: true,
};
