import { NotFiniteError } from "../backend/compile/compile";
import { composed, type State, type Stateful } from "../checkpoint/state";
import { variablesState } from "../checkpoint/variables";
import { checkOptions } from "../checks/check-options";
import { EpochIterator } from "../data/epoch-iterator";
import type { Examples } from "../data/examples";
import type { DataLoader } from "../data/loader";
import type { Optimizer } from "../optim/optimizer";
import type { TorchGenerator } from "../random/torch";
import { type Classifier, Evaluation, type Score, TrainingStep } from "./classification";
import type { Final, Row, Training } from "./training";

/** A step of a training. */
export interface Position {
  /** Steps done in all with it, from 1. */
  step: number;
  /** The epoch, from 1. */
  epoch: number;
  /** Steps done of the epoch with it, from 1. */
  batch: number;
}

/** Where a training of a classifier is after a step. */
export interface ClassifierProgress extends Position {
  /** The mean cross entropy of the batch before the step. */
  loss: number;
  /** The score of all batches of the epoch so far, each before its step. */
  soFar: Score;
}

/**
 * Scores the network on all test examples: one pass of their loader, which draws from its generator.
 *
 * @throws Error where there are none.
 */
export type Test = () => Score;

/** What a `ClassifierTraining` trains, on what, and for how long. */
export interface ClassifierTrainingOptions<F extends Final = Record<string, number>> {
  model: Classifier & { dispose(): void };
  optimizer: Optimizer<{ lr: number }>;
  /** Steps at the end of each epoch, and is told the loss of its last batch. */
  scheduler?: Stateful & { step(loss: number): void };
  examples: Examples;
  /** Of several, an epoch is a pass of each in turn. */
  loader: DataLoader | readonly DataLoader[];
  /** What the network is tested on, where it is. */
  tests?: { examples: Examples; loader: DataLoader };
  /** The stream that the loaders draw from. */
  generator: TorchGenerator;
  epochs: number;
  /** Ends the training at this step, which may lie within an epoch. Default: the last of the epochs. */
  steps?: number;
  /** Called after each step; what it returns, if anything, goes into the history. */
  onStep(progress: ClassifierProgress, test: Test): Record<string, number> | undefined;
  /**
   * Whether `onStep` looks at the network after a step. Between such steps many are done at once, and `onStep` is then
   * called for one after the other. Default: after every step.
   */
  looksAt?(position: Position): boolean;
  /** Called at the end of each epoch, before the scheduler; the last result is the training's own. */
  onEpoch?(epoch: number, test: Test): Record<string, number>;
  /** Whether the training ends early, asked again and again with the whole history. */
  isOver?(history: Row[]): boolean;
  /** Called after the last step with the whole history and the training's time; its result is added to the training's own. */
  onEnd?(test: Test, history: Row[], seconds: number): F;
}

/** The name of every option. */
const OPTIONS: Record<keyof ClassifierTrainingOptions, true> = {
  model: true,
  optimizer: true,
  scheduler: true,
  examples: true,
  loader: true,
  tests: true,
  generator: true,
  epochs: true,
  steps: true,
  onStep: true,
  looksAt: true,
  onEpoch: true,
  isOver: true,
  onEnd: true,
};

/** Of the names under which a state holds the last epoch's results. */
const finalPrefix = "final.";

/** How long the steps that are done at once take, in milliseconds: between them the kernel answers. */
const turn = 50;

/** The training of a classifier, which can stop after any step and go on from there. */
export class ClassifierTraining<F extends Final = Record<string, number>> implements Training<F> {
  readonly steps: number;
  done = 0;
  /** How many steps there are time for in a turn, by the last one. */
  private stepsOfTurn = 1;
  private soFar: Score = { loss: 0, correct: 0, count: 0 };
  private final: Record<string, number> = {};
  private readonly epochs: EpochIterator;
  private readonly trainingStep: TrainingStep;
  private readonly evaluation: Evaluation | undefined;
  private readonly parts: Stateful;

  /** @throws RangeError if the number of epochs is not a positive integer, or there are more steps than theirs. */
  constructor(private readonly options: ClassifierTrainingOptions<F>) {
    checkOptions("ClassifierTraining", options, Object.keys(OPTIONS));
    const { model, optimizer, scheduler, generator, loader, tests, epochs } = options;
    if (!Number.isInteger(epochs) || epochs < 1) {
      throw new RangeError(`expected a positive number of epochs, got ${epochs}`);
    }
    this.epochs = new EpochIterator(loader);
    const most = epochs * this.epochs.length;
    this.steps = options.steps ?? most;
    if (!Number.isInteger(this.steps) || this.steps < 1 || this.steps > most) {
      throw new RangeError(`expected 1 to ${most} steps, got ${this.steps}`);
    }
    this.trainingStep = new TrainingStep(model, optimizer, options.examples);
    this.evaluation = tests && new Evaluation(model, tests.examples);
    this.parts = composed({
      model: variablesState({ ...model.parameters, ...model.buffers }),
      optimizer,
      ...(scheduler && { scheduler }),
      generator,
      passes: this.epochs, // the name in checkpoints
      progress: { state: () => this.progress(), restore: (state) => this.restoreProgress(state) },
    });
  }

  /** @throws Error for a loss that is not finite, with the step; the network is then that before it. */
  advance(): Row[] {
    const { scheduler, onEpoch } = this.options;
    if (this.epochs.isAtEnd) this.soFar = { loss: 0, correct: 0, count: 0 };
    const batches = this.epochs.take(Math.min(this.stepsToLook(), this.steps - this.done));
    const scores = this.train(batches);
    const rows = scores.flatMap((score) => this.count(score));
    if (this.epochs.isAtEnd) {
      this.final = onEpoch?.(this.position(0).epoch, this.test) ?? {};
      scheduler?.step(scores.at(-1)!.loss);
    }
    return rows;
  }

  isOver(history: Row[]): boolean {
    return this.options.isOver?.(history) ?? false;
  }

  result(history: Row[], seconds: number): F {
    return { ...this.final, ...this.options.onEnd?.(this.test, history, seconds) } as F;
  }

  state(): State {
    return this.parts.state();
  }

  restore(state: State): void {
    this.parts.restore(state);
  }

  dispose(): void {
    this.trainingStep.dispose();
    this.evaluation?.dispose();
    this.options.model.dispose();
    this.options.optimizer.dispose();
  }

  private readonly test: Test = () => {
    if (!this.evaluation) throw new Error("the training has no test examples");
    return this.evaluation.run(this.options.tests!.loader);
  };

  private train(batches: Int32Array[]): Score[] {
    const started = performance.now();
    try {
      return this.trainingStep.run(batches);
    } catch (error) {
      if (!(error instanceof NotFiniteError)) throw error;
      const { step, epoch } = this.position(error.call + 1);
      const where = `The loss of step ${step}, in epoch ${epoch}, is ${error.value}`;
      throw new Error(`${where}, expected a finite number; the network is that before the step`);
    } finally {
      const perStep = (performance.now() - started) / batches.length;
      this.stepsOfTurn = Math.max(1, Math.floor(turn / perStep));
    }
  }

  /** What goes into the history for a step that was done. */
  private count(score: Score): Row[] {
    this.soFar = together(this.soFar, score);
    const position = this.position(1);
    this.done++;
    const row = this.options.onStep({ ...position, loss: score.loss, soFar: this.soFar }, this.test);
    return row ? [{ step: this.done, ...row }] : [];
  }

  /** The steps until one after which the network is looked at. */
  private stepsToLook(): number {
    const { looksAt = () => true } = this.options;
    let steps = 1;
    while (steps < this.stepsOfTurn && !looksAt(this.position(steps))) steps++;
    return steps;
  }

  /** Of a step after the last one done. */
  private position(ahead: number): Position {
    const step = this.done + ahead;
    const { length } = this.epochs;
    const epoch = Math.ceil(step / length);
    return { step, epoch, batch: step - (epoch - 1) * length };
  }

  private progress(): State {
    const { loss, correct, count } = this.soFar;
    const final = Object.entries(this.final).map(([name, value]) => [
      `${finalPrefix}${name}`,
      { shape: [], values: Float64Array.of(value) },
    ]);
    return {
      numbers: { shape: [4], values: Float64Array.of(this.done, loss, correct, count) },
      ...Object.fromEntries(final),
    };
  }

  private restoreProgress({ numbers, ...finals }: State): void {
    const [done = 0, loss = 0, correct = 0, count = 0] = numbers?.values ?? [];
    this.done = done;
    this.soFar = { loss, correct, count };
    this.final = Object.fromEntries(
      Object.entries(finals).map(([name, { values }]) => [name.slice(finalPrefix.length), values[0]!]),
    );
  }
}

function together(a: Score, b: Score): Score {
  const count = a.count + b.count;
  return { loss: (a.loss * a.count + b.loss * b.count) / count, correct: a.correct + b.correct, count };
}
