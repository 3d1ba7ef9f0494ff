import { NotFiniteError } from "../backend/compile/compile";
import { tf } from "../backend/tf";
import { composed, type State, type Stateful } from "../checkpoint/state";
import { variablesState } from "../checkpoint/variables";
import { checkOptions } from "../checks/check-options";
import { EpochIterator } from "../data/epoch-iterator";
import type { DataLoader } from "../data/loader";
import type { TorchGenerator } from "../random/torch";
import { checkTargets } from "./batch-scores";
import { Evaluation } from "./evaluate";
import type { Model } from "./model";
import { checkMetrics, type Metric, type Scores, together } from "./scores";
import { TrainStep } from "./train-step";
import { type Evaluate, OPTIONS, type Position, type TrainerOptions } from "./trainer-options";
import type { Final, Row, Training } from "./training";
import { Turn } from "./turn";

/** Of the names under which a state holds the last epoch's results. */
const FINAL_PREFIX = "final.";

/**
 * Trains any model by any loss, as compiled steps; it can stop after any step and go on from there.
 *
 * `train` runs it in a cell, `run` in an experiment.
 *
 * @example
 * const trainer = new Trainer({
 *   model,
 *   optimizer: new Adam(model.parameters, { lr: 1e-3 }),
 *   loader: new DataLoader(digits, { batchSize: 64, shuffle: true, generator }),
 *   loss: crossEntropy,
 *   metrics: { accuracy },
 *   evaluation: new DataLoader(testDigits, { batchSize: 1000 }),
 *   epochs: 3,
 * });
 * const { history, final } = await train(trainer);
 */
export class Trainer<Name extends string = never, F extends Final = Record<string, number>>
  implements Training<F>
{
  readonly steps: number;
  done = 0;
  private readonly turn = new Turn();
  private readonly epochs: EpochIterator;
  private readonly trainStep: TrainStep<Name>;
  private readonly evaluation: Evaluation<Name> | undefined;
  private readonly parts: Stateful;
  private soFar = { loss: 0, count: 0 } as Scores<Name>;
  private final: Record<string, number> = {};
  private isChecked = false;

  /**
   * @throws Error for an option that is not known, or a number of epochs or steps out of its range.
   */
  constructor(private readonly options: TrainerOptions<Name, F>) {
    checkOptions("Trainer", options, Object.keys(OPTIONS));
    const { model, optimizer, loss, evaluation, penalty } = options;
    const { metrics = {} as Record<Name, Metric> } = options;
    checkMetrics(metrics);
    this.epochs = new EpochIterator(options.loader);
    this.checkLoaders();
    this.steps = this.stepsAskedFor();
    const scoring = { model, loss, metrics };
    this.trainStep = new TrainStep({ ...scoring, optimizer, dataset: this.loaders[0]!.dataset, penalty });
    this.evaluation = evaluation && new Evaluation(scoring, evaluation);
    this.parts = composed(this.statefulParts());
  }

  /**
   * Runs the next steps, as many as take about 50 ms and at least one.
   *
   * @returns The rows to append to the history.
   * @throws Error for a loss that is not finite, with the step; the model is then that before it.
   */
  advance(): Row[] {
    if (!this.isChecked) checkTargets(this.options, this.loaders[0]!.dataset);
    this.isChecked = true;
    if (this.epochs.isAtEnd) this.soFar = { loss: 0, count: 0 } as Scores<Name>;
    const wanted = this.turn.steps((ahead) => this.isDue(this.position(ahead)));
    const batches = this.epochs.take(Math.min(wanted, this.steps - this.done));
    const scores = this.turn.take(batches.length, () => this.train(batches));
    const rows = scores.flatMap((score) => this.count(score));
    return this.epochs.isAtEnd ? [...rows, ...this.endEpoch(scores.at(-1)!.loss)] : rows;
  }

  isOver(history: Row[]): boolean {
    return this.options.isOver?.(history) ?? false;
  }

  result(history: Row[], seconds: number): F {
    return { ...this.final, ...this.options.onEnd?.(this.evaluate, history, seconds) } as F;
  }

  /** "model.NAME", "optimizer.…", "scheduler.…", "generator.…", "passes.…" and "progress.…". */
  state(): State {
    return this.parts.state();
  }

  restore(state: State): void {
    this.parts.restore(state);
  }

  /** The model that it was given. */
  get model(): Model {
    return this.options.model;
  }

  /** Frees the compiled steps; model and optimizer stay. A step after this one runs eagerly. */
  release(): void {
    this.trainStep.dispose();
    this.evaluation?.dispose();
  }

  /** Frees the compiled steps and the optimizer; the model is the caller's. */
  takeModel(): Model {
    this.release();
    this.options.optimizer.dispose();
    return this.options.model;
  }

  /** Frees the compiled steps, the model and the optimizer. */
  dispose(): void {
    const { model, optimizer } = this.options;
    this.release();
    if (model.dispose) model.dispose();
    else tf.dispose([model.parameters, model.buffers ?? {}] as tf.TensorContainer);
    optimizer.dispose();
  }

  private readonly evaluate: Evaluate<Name> = () => {
    if (this.evaluation) return this.evaluation.run();
    throw new Error("Trainer: evaluation is undefined, expected a loader to evaluate on");
  };

  private get loaders(): readonly DataLoader[] {
    const { loader } = this.options;
    return Array.isArray(loader) ? loader : [loader as DataLoader];
  }

  private checkLoaders(): void {
    const [first, ...others] = this.loaders;
    if (others.some(({ dataset }) => dataset !== first!.dataset)) {
      throw new Error("the loaders have several data sets, expected one");
    }
    if (this.epochs.length === 0) {
      throw new RangeError(`the loader has no batches of ${first!.count} examples, expected 1 or more`);
    }
  }

  private stepsAskedFor(): number {
    const { epochs, steps } = this.options;
    if (!Number.isInteger(epochs) || epochs < 1) {
      throw new RangeError(`epochs is ${epochs}, expected an integer of 1 or more`);
    }
    const most = epochs * this.epochs.length;
    if (steps === undefined) return most;
    if (Number.isInteger(steps) && steps >= 1 && steps <= most) return steps;
    throw new RangeError(`steps is ${steps}, expected an integer from 1 to ${most}`);
  }

  private statefulParts(): Record<string, Stateful> {
    const { model, optimizer, scheduler } = this.options;
    return {
      model: variablesState({ ...model.parameters, ...model.buffers }),
      optimizer,
      ...(scheduler && { scheduler }),
      ...this.generators(),
      passes: this.epochs, // the name in checkpoints
      progress: { state: () => this.progress(), restore: (state) => this.restoreProgress(state) },
    };
  }

  /** The streams that the loaders draw from: the first as "generator", others as "generator2" and so on. */
  private generators(): Record<string, TorchGenerator> {
    const { evaluation } = this.options;
    const loaders = evaluation ? [...this.loaders, evaluation] : this.loaders;
    const streams = new Set(loaders.flatMap(({ generator }) => generator ?? []));
    const named = [...streams].map((stream, i) => [i === 0 ? "generator" : `generator${i + 1}`, stream]);
    return Object.fromEntries(named);
  }

  private train(batches: Int32Array[]): Scores<Name>[] {
    try {
      return this.trainStep.run(batches);
    } catch (error) {
      if (!(error instanceof NotFiniteError)) throw error;
      const { step, epoch } = this.position(error.call + 1);
      const where = `The loss of step ${step}, in epoch ${epoch}, is ${error.value}`;
      throw new Error(`${where}, expected a finite number; the model is that before the step`);
    }
  }

  /** Counts a step that was done, and returns its row of the history, if any. */
  private count(scores: Scores<Name>): Row[] {
    this.soFar = together(this.soFar, scores);
    const position = this.position(1);
    this.done++;
    if (!this.options.onStep?.when(position)) return [];
    const progress = { ...position, loss: scores.loss, soFar: this.soFar };
    const row = this.options.onStep.do(progress, this.evaluate);
    return row ? [{ step: this.done, ...row }] : [];
  }

  private endEpoch(loss: number): Row[] {
    const { onStep, onEpoch, scheduler } = this.options;
    const { epoch } = this.position(0);
    const results = onEpoch ? onEpoch(epoch, this.evaluate) : this.epochResults();
    scheduler?.step(loss);
    if (onStep) {
      this.final = results;
      return [];
    }
    const { count, ...means } = this.soFar as Record<string, number>;
    this.final = { ...means, ...results };
    return [{ step: this.done, epoch, ...this.final }];
  }

  /** The scores of the evaluation, where there is one and no `onStep` that decides what is noted. */
  private epochResults(): Record<string, number> {
    if (this.options.onStep || !this.evaluation) return {};
    const { count, ...means } = this.evaluate() as Record<string, number>;
    return Object.fromEntries(
      Object.entries(means).map(([name, mean]) => [
        `evaluation${name[0]!.toUpperCase()}${name.slice(1)}`,
        mean,
      ]),
    );
  }

  private isDue(position: Position): boolean {
    return this.options.onStep?.when(position) ?? false;
  }

  /** The position of a step after the last one done. */
  private position(ahead: number): Position {
    const step = this.done + ahead;
    const { length } = this.epochs;
    const epoch = Math.ceil(step / length);
    return { step, epoch, batch: step - (epoch - 1) * length };
  }

  private progress(): State {
    const entries = [
      ["done", this.done],
      ...Object.entries(this.soFar).map(([name, value]) => [`soFar.${name}`, value]),
      ...Object.entries(this.final).map(([name, value]) => [`${FINAL_PREFIX}${name}`, value]),
    ] as [string, number][];
    return Object.fromEntries(
      entries.map(([name, value]) => [name, { shape: [], values: Float64Array.of(value) }]),
    );
  }

  private restoreProgress(state: State): void {
    const withPrefix = (prefix: string) =>
      Object.fromEntries(
        Object.entries(state).flatMap(([name, { values }]) =>
          name.startsWith(prefix) ? [[name.slice(prefix.length), values[0]!]] : [],
        ),
      );
    this.done = state["done"]?.values[0] ?? 0;
    this.soFar = withPrefix("soFar.") as Scores<Name>;
    this.final = withPrefix(FINAL_PREFIX);
  }
}
