import { requireInteger } from "../checks/check-range";
import type { TorchGenerator } from "../random/torch";
import { binaryScale, mean } from "./sample";

/** A quantity of pairs within classes and between classes, and whether they differ by more than chance. */
export interface PermutationTest {
  /** The mean over all pairs of one class. */
  within: number;
  /** The mean over all pairs of different classes. */
  between: number;
  /** The chance of a difference as large, in either direction, where classes mean nothing; above 0. */
  p: number;
}

/** Differences that differ by less than this share of the largest quantity are equal: SciPy's `permutation_test` has it so. */
const ROUNDING = 100 * Number.EPSILON;

/**
 * Compares a quantity of pairs within classes with that between them, by a permutation test: classes are dealt anew to
 * the items, again and again (Clarke's ANOSIM, 1993, with means in place of ranks).
 *
 * The dealing that was observed counts as one of them, so that p is at least 1 / (permutations + 1) (Phipson and Smyth
 * 2010). A difference that equals the observed one but for rounding counts as large as it.
 *
 * @param quantity Of the items `i` and `j`, finite and symmetric.
 * @param classes The class of each item; at least one class has two items, and there are two classes.
 * @param permutations A positive integer. Default: 2000.
 * @throws RangeError where there is no pair within a class, or none between classes, for a quantity that is not finite,
 * or a number of permutations that is not a positive integer.
 */
export function permutationTest(
  quantity: (i: number, j: number) => number,
  classes: readonly (string | number)[],
  generator: TorchGenerator,
  permutations = 2000,
): PermutationTest {
  requireInteger("permutationTest: permutations", permutations, 1);
  const pairs = new Pairs(quantity, classes.length);
  const { within, between } = pairs.means(classes);
  if (Number.isNaN(within) || Number.isNaN(between)) {
    throw new RangeError(
      `permutationTest: expected pairs within and between classes, got [${classes.join(", ")}]`,
    );
  }
  const least = Math.abs(within - between) - ROUNDING * pairs.largest;
  let asLarge = 1;
  for (let i = 0; i < permutations; i++) {
    const dealt = Array.from(generator.randperm(classes.length), (item) => classes[item]!);
    const chance = pairs.means(dealt);
    if (Math.abs(chance.within - chance.between) >= least) asLarge++;
  }
  const original = (value: number) => (value + pairs.center) * pairs.scale;
  return { within: original(within), between: original(between), p: asLarge / (permutations + 1) };
}

/** A quantity of all pairs of items, over `scale` and less `center`: their sums neither overflow nor lose digits to a common offset. */
class Pairs {
  readonly scale: number;
  readonly center: number;
  /** The largest magnitude of the quantity over `scale`. */
  readonly largest: number;
  /** Of the items (1, 0), (2, 0), (2, 1), (3, 0), … */
  private readonly values: Float64Array;

  constructor(
    quantity: (i: number, j: number) => number,
    private readonly items: number,
  ) {
    const values = new Float64Array((items * (items - 1)) / 2);
    for (let i = 0, pair = 0; i < items; i++) {
      for (let j = 0; j < i; j++, pair++) values[pair] = finite(quantity(i, j), i, j);
    }
    this.scale = binaryScale(values);
    const scaled = values.map((value) => value / this.scale);
    this.center = mean(scaled);
    this.largest = scaled.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    this.values = scaled.map((value) => value - this.center);
  }

  /** The means of the scaled and centered quantity; NaN over no pairs. */
  means(classes: readonly (string | number)[]): { within: number; between: number } {
    const sums = { within: 0, between: 0 };
    const counts = { within: 0, between: 0 };
    for (let i = 0, pair = 0; i < this.items; i++) {
      for (let j = 0; j < i; j++, pair++) {
        const kind = classes[i] === classes[j] ? "within" : "between";
        sums[kind] += this.values[pair]!;
        counts[kind]++;
      }
    }
    return { within: sums.within / counts.within, between: sums.between / counts.between };
  }
}

function finite(value: number, i: number, j: number): number {
  if (Number.isFinite(value)) return value;
  throw new RangeError(`permutationTest: expected a finite quantity of items ${i} and ${j}, got ${value}`);
}
