import { composed, type State, type Stateful } from "../checkpoint/state";
import type { Final, Row, Training } from "./training";

/** A model and its training. */
export interface Evolving<Model, F extends Final> {
  model: Model;
  /** Frees the model too when it is disposed of. */
  training: Training<F>;
}

/** How a `RankEvolution` makes its networks and chooses their sizes. */
export interface RankEvolutionOptions<Model, F extends Final> {
  /** The sizes of the first network, such as those of its hidden layers. */
  sizes: readonly number[];
  /** The most networks that are trained. */
  evolutions: number;
  /**
   * Makes a network of these sizes and its training, of as many steps each time.
   *
   * @param evolution From 0.
   * @param previous The network before, trained, to carry on with; it is freed afterwards. Undefined for the first one,
   *   and where a checkpoint is restored, which then gives all parameters their values.
   */
  start(sizes: number[], evolution: number, previous: Model | undefined): Evolving<Model, F>;
  /**
   * The sizes to go on with, such as the ranks of the layers: smaller ones prune, larger ones expand.
   *
   * @param history Of the network that has been trained.
   */
  next(history: Row[], sizes: number[], evolution: number): readonly number[];
}

/**
 * Trains a network, gives its layers other sizes, commonly their ranks, and trains again, until the sizes no longer
 * change or as many networks have been trained as asked for.
 *
 * The rows of the history have besides: `evolution`, from 1; `seconds`, the time of all training so far. The final
 * result is that of the last network, given the time of all training, with the number of `evolutions`.
 *
 * @example
 * new RankEvolution({
 *   sizes: [784, 784, 784],
 *   evolutions: 15,
 *   start: (hidden) => trainingOf(new MLP([784, ...hidden, 10], initialize)),
 *   next: (history) => ranksIn(history[history.length - 1]),
 * });
 */
export class RankEvolution<Model, F extends Final> implements Training<F & { evolutions: number }> {
  readonly steps: number;
  private readonly parts: Stateful;
  private sizes: number[];
  private current: Evolving<Model, F>;
  /** How many networks have been trained before this one. */
  private evolution = 0;
  /** Steps of the networks before. */
  private before = 0;
  private seconds = 0;

  /** @throws RangeError for a number of evolutions or sizes that are not positive integers. */
  constructor(private readonly options: RankEvolutionOptions<Model, F>) {
    const { sizes, evolutions, start } = options;
    if (!Number.isInteger(evolutions) || evolutions < 1) {
      throw new RangeError(`rank evolution: expected a positive number of evolutions, got ${evolutions}`);
    }
    this.sizes = checked(sizes, sizes.length);
    this.current = start(this.sizes, 0, undefined);
    this.steps = evolutions * this.current.training.steps;
    this.parts = composed({
      evolution: { state: () => this.progress(), restore: (state) => this.restoreProgress(state) },
      training: {
        state: () => this.current.training.state(),
        restore: (state) => this.current.training.restore(state),
      },
    });
  }

  get done(): number {
    return this.before + this.current.training.done;
  }

  advance(history: Row[]): Row[] {
    const started = performance.now();
    if (this.hasEnded(history)) this.evolve(history);
    const rows = this.current.training.advance(this.ownOf(history));
    this.seconds += (performance.now() - started) / 1000;
    const { evolution, before, seconds } = this;
    return rows.map((row) => ({ ...row, step: before + row.step, evolution: evolution + 1, seconds }));
  }

  isOver(history: Row[]): boolean {
    if (!this.hasEnded(history)) return false;
    if (this.evolution + 1 === this.options.evolutions) return true;
    return this.nextSizes(history).every((size, i) => size === this.sizes[i]);
  }

  result(history: Row[], seconds: number): F & { evolutions: number } {
    const final = this.current.training.result(this.ownOf(history), seconds);
    return { ...final, evolutions: this.evolution + 1 };
  }

  state(): State {
    return this.parts.state();
  }

  restore(state: State): void {
    this.parts.restore(state);
  }

  /** Frees all but the last network. */
  takeModel(): Model {
    this.current.training.takeModel?.();
    return this.current.model;
  }

  dispose(): void {
    this.current.training.dispose();
  }

  private hasEnded(history: Row[]): boolean {
    const { training } = this.current;
    const own = this.ownOf(history);
    return training.done === training.steps || (own.length > 0 && training.isOver?.(own) === true);
  }

  private evolve(history: Row[]): void {
    const { model, training } = this.current;
    this.sizes = this.nextSizes(history);
    this.before += training.done;
    this.evolution++;
    this.current = this.options.start(this.sizes, this.evolution, model);
    training.dispose();
  }

  private nextSizes(history: Row[]): number[] {
    const { sizes, evolution } = this;
    return checked(this.options.next(this.ownOf(history), sizes, evolution), sizes.length);
  }

  /** The rows of the network in training. */
  private ownOf(history: Row[]): Row[] {
    return history.filter((row) => row["evolution"] === this.evolution + 1);
  }

  private progress(): State {
    const { evolution, before, seconds, sizes } = this;
    return {
      numbers: { shape: [3], values: Float64Array.of(evolution, before, seconds) },
      sizes: { shape: [sizes.length], values: Int32Array.from(sizes) },
    };
  }

  private restoreProgress({ numbers, sizes }: State): void {
    const [evolution = 0, before = 0, seconds = 0] = numbers?.values ?? [];
    this.sizes = checked(Array.from(sizes?.values ?? []), this.sizes.length);
    Object.assign(this, { evolution, before, seconds });
    this.dispose();
    this.current = this.options.start(this.sizes, evolution, undefined);
  }
}

function checked(sizes: readonly number[], count: number): number[] {
  if (sizes.length !== count || !sizes.every((size) => Number.isInteger(size) && size > 0)) {
    throw new RangeError(
      `rank evolution: expected ${count} positive integers as sizes, got [${sizes.join(", ")}]`,
    );
  }
  return [...sizes];
}
