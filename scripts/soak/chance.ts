import { TorchGenerator } from "../../lib/random/torch";

/** Random choices that a seed repeats. */
export class Chance {
  private readonly generator: TorchGenerator;

  constructor(seed: number) {
    this.generator = new TorchGenerator(seed);
  }

  /** A number from `low` up to, but not including, `high`. */
  between(low: number, high: number): number {
    return low + (high - low) * this.generator.rand([1])[0]!;
  }

  /** An integer from 0 up to, but not including, `count`. */
  below(count: number): number {
    return Math.floor(this.between(0, count));
  }

  happens(probability: number): boolean {
    return this.between(0, 1) < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** Several different ones. */
  some<T>(list: readonly T[], count: number): T[] {
    return [...this.generator.randperm(list.length)].slice(0, count).map((index) => list[index]!);
  }
}
