import { requireInteger } from "../checks/check-range";
import type { TorchGenerator } from "../random/torch";
import { binaryScale, mean } from "./sample";

/** The result of `permutationTest`. */
export interface PermutationTest {
  /** The mean over all pairs of items in the same class. */
  within: number;
  /** The mean over all pairs of items in different classes. */
  between: number;
  /** The two-sided p-value of within − between under random assignment of classes, in (0, 1]. */
  p: number;
}

/** Differences this close, relative to the largest quantity, count as equal, as in SciPy's `permutation_test`. */
const ROUNDING = 100 * Number.EPSILON;

/**
 * Compares a quantity of pairs of items within classes with that between classes by a permutation test, which assigns
 * the classes to the items at random (Clarke's ANOSIM, 1993, with means in place of ranks).
 *
 * The observed assignment counts as one permutation, so that p ≥ 1 / (permutations + 1) (Phipson and Smyth 2010).
 * Differences that equal the observed one up to rounding count as at least as large.
 *
 * @param quantity The quantity of items `i` and `j`, finite and symmetric; it is called for j < i.
 * @param classes The class of each item: at least two classes, one of which has at least two items.
 * @param generator The random generator, from which one permutation of the items is drawn for each assignment.
 * @param permutations The number of random assignments, an integer ≥ 1. Default: 2000.
 * @throws RangeError if there is no pair within a class or none between classes, a quantity is not finite, or the
 *   number of permutations is not an integer ≥ 1.
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
    const permuted = Array.from(generator.randperm(classes.length), (item) => classes[item]!);
    const means = pairs.means(permuted);
    if (Math.abs(means.within - means.between) >= least) asLarge++;
  }
  const original = (value: number) => (value + pairs.center) * pairs.scale;
  return { within: original(within), between: original(between), p: asLarge / (permutations + 1) };
}

/** The quantities of all pairs, scaled and centred so that sums neither overflow nor lose digits to a common offset. */
class Pairs {
  readonly scale: number;
  readonly center: number;
  /** The largest magnitude of quantity / scale. */
  readonly largest: number;
  /** The values quantity / scale − center of the pairs (1, 0), (2, 0), (2, 1), (3, 0), … */
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

  /** The means of the scaled and centred quantity within and between classes; NaN if there are no such pairs. */
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
  throw new RangeError(`permutationTest: expected a finite quantity for items ${i} and ${j}, got ${value}`);
}
