import type { SavedArray, State, Stateful } from "../checkpoint/state";
import { requireInteger } from "../checks/check-range";
import type { Dataset } from "./dataset";
import { DataLoader } from "./loader";

type AnyLoader = DataLoader<Pick<Dataset, "count" | "drawVariant">>;

/**
 * Pass after pass over a data set, batch by batch: a `DataLoader` that can stop within a pass and go on from there.
 * A pass draws its order when its first batch is asked for. Of several loaders, a pass is one of each in turn.
 */
export class EpochIterator implements Stateful {
  /** How many batches a pass has. */
  readonly length: number;
  private readonly loaders: readonly AnyLoader[];
  private order: Int32Array = new Int32Array();
  /** How many batches of the pass have been given. */
  private given: number;

  /** @throws RangeError for no loaders, or loaders over data sets of different sizes. */
  constructor(loaders: AnyLoader | readonly AnyLoader[]) {
    this.loaders = loaders instanceof DataLoader ? [loaders] : loaders;
    const counts = new Set(this.loaders.map(({ count }) => count));
    if (counts.size !== 1) {
      throw new RangeError(
        `EpochIterator: expected loaders over one data set, got [${[...counts]}] examples`,
      );
    }
    this.length = this.loaders.reduce((sum, { length }) => sum + length, 0);
    this.given = this.length;
  }

  /** The examples of the next batch. */
  next(): Int32Array {
    if (this.isAtEnd) this.given = 0;
    const { loader, batch } = this.place();
    if (batch === 0) this.order = loader.drawOrder();
    this.given++;
    return loader.batchOf(this.order, batch);
  }

  /** The next batches, at least one and at most `limit`: of one loader's pass and of one size. */
  take(limit: number): Int32Array[] {
    const batches = [this.next()];
    const size = batches[0]!.length;
    while (batches.length < limit && !this.isAtEnd) {
      const { loader, batch } = this.place();
      if (batch === 0 || loader.batchOf(this.order, batch).length !== size) break;
      batches.push(this.next());
    }
    return batches;
  }

  /** Whether the last batch given ended a pass, or none has been given. */
  get isAtEnd(): boolean {
    return this.given === this.length;
  }

  /** "order", the examples of the pass under way or [0] before the first, and "given" []. */
  state(): State {
    const order = this.order.slice();
    return {
      order: { shape: [order.length], values: order },
      given: { shape: [], values: Int32Array.of(this.given) },
    };
  }

  /** @throws Error if the state is not one of passes over as many examples; nothing has changed then. */
  restore({ order, given }: Record<string, SavedArray | undefined>): void {
    const [examples, batches] = [order?.values, given?.values[0]];
    const { count } = this.loaders[0]!;
    if (!(examples instanceof Int32Array && (examples.length === 0 || examples.length === count))) {
      throw new TypeError(
        `EpochIterator: expected the order of ${count} examples, got ${examples?.length ?? "none"}`,
      );
    }
    requireInteger("EpochIterator: the number of batches given", batches, 0, this.length);
    this.order = examples.slice();
    this.given = batches!;
  }

  /** The loader that gives the next batch, and which of its batches that is. */
  private place(): { loader: AnyLoader; batch: number } {
    let batch = this.given;
    for (const loader of this.loaders) {
      if (batch < loader.length) return { loader, batch };
      batch -= loader.length;
    }
    throw new Error("passes: there is no batch left");
  }
}
