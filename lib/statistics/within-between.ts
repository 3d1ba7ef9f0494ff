import type { TorchGenerator } from "../random/torch";

/** Whether what belongs to one class is more alike than what does not. */
export interface WithinBetween {
  /** The mean over all pairs of one class. */
  within: number;
  /** The mean over all pairs of different classes. */
  between: number;
  /** The chance of a difference as large, in either direction, where classes mean nothing. */
  p: number;
}

/**
 * Compares a quantity of pairs within classes with that between them, by a permutation test: classes are dealt anew to
 * the items, again and again (Clarke's ANOSIM, 1993, with means in place of ranks).
 *
 * @param quantity Of the items `i` and `j`, symmetric.
 * @param classes The class of each item; at least one class has two items, and there are two classes.
 * @param permutations Default: 2000.
 * @throws RangeError where there is no pair within a class, or none between classes.
 */
export function withinBetween(
  quantity: (i: number, j: number) => number,
  classes: readonly (string | number)[],
  generator: TorchGenerator,
  permutations = 2000,
): WithinBetween {
  const values = classes.map((_, i) => classes.slice(0, i).map((_, j) => quantity(i, j)));
  const { within, between } = means(values, classes);
  if (!Number.isFinite(within) || !Number.isFinite(between)) {
    throw new RangeError(
      `withinBetween: expected pairs within and between classes, got [${classes.join(", ")}]`,
    );
  }
  let asLarge = 1;
  for (let i = 0; i < permutations; i++) {
    const dealt = Array.from(generator.randperm(classes.length), (item) => classes[item]!);
    const chance = means(values, dealt);
    if (Math.abs(chance.within - chance.between) >= Math.abs(within - between)) asLarge++;
  }
  return { within, between, p: asLarge / (permutations + 1) };
}

function means(
  values: number[][],
  classes: readonly (string | number)[],
): { within: number; between: number } {
  const sums = { within: 0, between: 0 };
  const counts = { within: 0, between: 0 };
  for (const [i, row] of values.entries()) {
    for (const [j, value] of row.entries()) {
      const kind = classes[i] === classes[j] ? "within" : "between";
      sums[kind] += value;
      counts[kind]++;
    }
  }
  return { within: sums.within / counts.within, between: sums.between / counts.between };
}
