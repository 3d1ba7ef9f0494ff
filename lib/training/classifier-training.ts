import { composed, type State, type Stateful } from "../checkpoint/state";
import { variablesState } from "../checkpoint/variables";
import type { Examples } from "../data/examples";
import type { DataLoader } from "../data/loader";
import { Passes } from "../data/passes";
import type { TorchGenerator } from "../random/torch";
import { type Classifier, type Score, TrainingStep } from "./classification";
import type { Optimizer } from "./optimizer";
import type { Training } from "./run";

/** Where a training of a classifier is after a step. */
export interface ClassifierProgress {
  /** Steps done in all, from 1. */
  step: number;
  /** The epoch, from 1. */
  epoch: number;
  /** Steps done of the epoch, from 1. */
  batch: number;
  /** The mean cross entropy of the batch before the step. */
  loss: number;
  /** The score of all batches of the epoch so far, each before its step. */
  soFar: Score;
}

export interface ClassifierTrainingOptions {
  model: Classifier & { dispose(): void };
  optimizer: Optimizer<{ lr: number }>;
  /** Steps at the end of each epoch. */
  scheduler?: Stateful & { step(): void };
  examples: Examples;
  loader: DataLoader;
  /** The stream that the loaders draw from. */
  generator: TorchGenerator;
  epochs: number;
  /** Called after each step; what it returns, if anything, goes into the history. */
  onStep(progress: ClassifierProgress): Record<string, number> | undefined;
  /** Called at the end of each epoch, before the scheduler; the last result is the training's own. */
  onEpoch(epoch: number): Record<string, number>;
}

/** The training of a classifier, which can stop after any step and go on from there. */
export class ClassifierTraining implements Training {
  readonly steps: number;
  private done = 0;
  private soFar: Score = { loss: 0, correct: 0, count: 0 };
  private final: Record<string, number> = {};
  private readonly passes: Passes;
  private readonly trainingStep: TrainingStep;
  private readonly parts: Stateful;

  /** @throws RangeError if the number of epochs is not a positive integer. */
  constructor(private readonly options: ClassifierTrainingOptions) {
    const { model, optimizer, scheduler, generator, loader, epochs } = options;
    if (!Number.isInteger(epochs) || epochs < 1) {
      throw new RangeError(`expected a positive number of epochs, got ${epochs}`);
    }
    this.steps = epochs * loader.length;
    this.passes = new Passes(loader);
    this.trainingStep = new TrainingStep(model, optimizer);
    this.parts = composed({
      model: variablesState(model.parameters),
      optimizer,
      ...(scheduler && { scheduler }),
      generator,
      passes: this.passes,
      progress: { state: () => this.progress(), restore: (state) => this.restoreProgress(state) },
    });
  }

  step(): Record<string, number> | undefined {
    const { examples, loader, scheduler, onStep, onEpoch } = this.options;
    if (this.passes.isAtEnd) this.soFar = { loss: 0, correct: 0, count: 0 };
    const score = this.trainingStep.run(examples, this.passes.next());
    this.soFar = together(this.soFar, score);
    this.done++;
    const epoch = Math.ceil(this.done / loader.length);
    const batch = this.done - (epoch - 1) * loader.length;
    const row = onStep({ step: this.done, epoch, batch, loss: score.loss, soFar: this.soFar });
    if (this.passes.isAtEnd) {
      this.final = onEpoch(epoch);
      scheduler?.step();
    }
    return row;
  }

  result(): Record<string, number> {
    return this.final;
  }

  state(): State {
    return this.parts.state();
  }

  restore(state: State): void {
    this.parts.restore(state);
  }

  dispose(): void {
    this.trainingStep.dispose();
    this.options.model.dispose();
    this.options.optimizer.dispose();
  }

  private progress(): State {
    const { loss, correct, count } = this.soFar;
    return { numbers: { shape: [4], values: Float64Array.of(this.done, loss, correct, count) } };
  }

  private restoreProgress({ numbers }: State): void {
    const [done = 0, loss = 0, correct = 0, count = 0] = numbers?.values ?? [];
    this.done = done;
    this.soFar = { loss, correct, count };
  }
}

function together(a: Score, b: Score): Score {
  const count = a.count + b.count;
  return { loss: (a.loss * a.count + b.loss * b.count) / count, correct: a.correct + b.correct, count };
}
