import { checkOptions } from "../checks/check-options";
import { TorchGenerator } from "../random/torch";
import type { Dataset } from "./dataset";

/** Options of `DataLoader`, named as PyTorch's. */
export interface DataLoaderOptions {
  /** Examples a batch. */
  batchSize: number;
  /** Whether every pass goes through the examples in an order of its own. Default: false. */
  shuffle?: boolean;
  /** Whether a last batch of fewer examples is left out. Default: false. */
  dropLast?: boolean;
  /** The stream that passes draw from, as PyTorch's draw from the global one; needed to shuffle. */
  generator?: TorchGenerator;
}

/**
 * Passes over a data set in batches, in the order of PyTorch's `DataLoader`: with the same seed, the same batches.
 *
 * Each pass draws two integers from the generator, as PyTorch does: the base seed of workers, unused here, and the
 * seed of the generator of its own whose permutation is the order. A pass that does not shuffle draws the first of
 * them too where it has a generator, so evaluations between epochs that share it change the epochs after them.
 *
 * Where the data set has variants of its examples, a pass then draws one for each example that it gives, in their order,
 * as transforms do that PyTorch's loader without workers applies to the examples of a batch as it reaches them.
 *
 * Departure from PyTorch: a batch is the indices of its examples, for the engine to gather.
 *
 * @example
 * const loader = new DataLoader(mnist.train, { batchSize: 64, shuffle: true, generator });
 * for (const indices of loader) step(indices);
 */
export class DataLoader<D extends Pick<Dataset, "count" | "drawVariant"> = Dataset>
  implements Iterable<Int32Array>
{
  /** The batches of a pass. */
  readonly length: number;
  /** The examples of the data set. */
  readonly count: number;

  /**
   * @throws Error for a batch size that is not a positive integer, or without a generator to shuffle with or to draw
   *   variants with.
   */
  constructor(
    readonly dataset: D,
    private readonly options: DataLoaderOptions,
  ) {
    checkOptions("DataLoader", options, ["batchSize", "shuffle", "dropLast", "generator"]);
    const { batchSize, shuffle = false, dropLast = false, generator } = options;
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new RangeError(`a batch size is a positive integer, got ${batchSize}`);
    }
    if (shuffle && !generator) {
      throw new Error("DataLoader: generator is undefined, expected a TorchGenerator to shuffle with");
    }
    if (dataset.drawVariant && !generator) {
      throw new Error("DataLoader: generator is undefined, expected a TorchGenerator to draw variants with");
    }
    this.count = dataset.count;
    const batches = this.count / batchSize;
    this.length = dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  *[Symbol.iterator](): Generator<Int32Array> {
    const order = this.drawOrder();
    for (let batch = 0; batch < this.length; batch++) yield this.batchOf(order, batch);
  }

  /** The stream that passes draw from, where there is one. */
  get generator(): TorchGenerator | undefined {
    return this.options.generator;
  }

  /** The examples of a batch, counted from 0, of a pass in this order. */
  batchOf(order: Int32Array, batch: number): Int32Array {
    const { batchSize } = this.options;
    return order.subarray(batch * batchSize, (batch + 1) * batchSize);
  }

  /** Starts a pass: the order in which it goes through all examples, as indices that say their variants too. */
  drawOrder(): Int32Array {
    const order = this.drawExamples();
    const { dataset, count, length } = this;
    const given = Math.min(count, length * this.options.batchSize);
    for (let i = 0; dataset.drawVariant && i < given; i++) {
      order[i]! += count * dataset.drawVariant(this.options.generator!);
    }
    return order;
  }

  private drawExamples(): Int32Array {
    const { shuffle = false, generator } = this.options;
    const { count } = this;
    generator?.randint64();
    if (!shuffle || !generator) return Int32Array.from({ length: count }, (_, i) => i);
    return new TorchGenerator(generator.randint64()).randperm(count);
  }
}
