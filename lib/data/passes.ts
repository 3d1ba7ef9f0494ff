import type { SavedArray, State, Stateful } from "../checkpoint/state";
import type { DataLoader } from "./loader";

/**
 * Pass after pass over a data set, batch by batch: a `DataLoader` that can stop within a pass and go on from there.
 * A pass draws its order when its first batch is asked for.
 */
export class Passes implements Stateful {
  private order: Int32Array = new Int32Array();
  /** How many batches of the pass have been given. */
  private given: number;

  constructor(private readonly loader: DataLoader) {
    this.given = loader.length;
  }

  /** The examples of the next batch. */
  next(): Int32Array {
    if (this.isAtEnd) {
      this.order = this.loader.drawOrder();
      this.given = 0;
    }
    return this.loader.batchOf(this.order, this.given++);
  }

  /** The next batches, at least one and at most `limit`: of one pass and of one size. */
  take(limit: number): Int32Array[] {
    const batches = [this.next()];
    const size = batches[0]!.length;
    while (batches.length < limit && !this.isAtEnd) {
      if (this.loader.batchOf(this.order, this.given).length !== size) break;
      batches.push(this.next());
    }
    return batches;
  }

  /** Whether the last batch given ended a pass, or none has been given. */
  get isAtEnd(): boolean {
    return this.given === this.loader.length;
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
    const count = this.loader.count;
    if (!(examples instanceof Int32Array && (examples.length === 0 || examples.length === count))) {
      throw new TypeError(
        `passes: expected the order of ${count} examples, got ${examples?.length ?? "none"}`,
      );
    }
    if (batches === undefined || batches < 0 || batches > this.loader.length) {
      throw new RangeError(`passes: expected 0 to ${this.loader.length} batches given, got ${batches}`);
    }
    this.order = examples.slice();
    this.given = batches;
  }
}
