/** A network's hidden sizes, and what its training came to. */
export interface Evolution<Result> {
  hidden: number[];
  result: Result;
}

export interface RankEvolutionOptions<Result> {
  /** Trains a network with these hidden sizes. */
  train(hidden: number[], evolution: number): Promise<Result>;
  /** The hidden sizes to go on with, such as the ranks of the hidden layers: smaller ones prune, larger ones expand. */
  next(result: Result, hidden: number[]): number[];
  /** The most networks that are trained. */
  evolutions: number;
}

/**
 * Trains a network, gives its hidden layers other sizes, commonly their ranks, and trains again, until the sizes no
 * longer change or as many networks have been trained as asked for.
 *
 * @param hidden The sizes of the first network's hidden layers.
 * @throws RangeError for a number of evolutions that is not a positive integer, or for sizes that are not positive
 *   integers, of another number than before.
 *
 * @example
 * await rankEvolution([784, 784, 784], {
 *   train: (hidden) => run({ hidden, seed: 0 }, experiment),
 *   next: ({ final }) => final.ranks.slice(0, -1),
 *   evolutions: 15,
 * });
 */
export async function rankEvolution<Result>(
  hidden: number[],
  { train, next, evolutions }: RankEvolutionOptions<Result>,
): Promise<Evolution<Result>[]> {
  if (!Number.isInteger(evolutions) || evolutions < 1) {
    throw new RangeError(`rankEvolution: expected a positive number of evolutions, got ${evolutions}`);
  }
  const passed: Evolution<Result>[] = [];
  let sizes = checked(hidden, hidden.length);
  while (passed.length < evolutions) {
    const result = await train(sizes, passed.length);
    passed.push({ hidden: sizes, result });
    const following = checked(next(result, sizes), sizes.length);
    if (following.every((size, i) => size === sizes[i])) break;
    sizes = following;
  }
  return passed;
}

function checked(sizes: number[], count: number): number[] {
  if (sizes.length !== count || !sizes.every((size) => Number.isInteger(size) && size > 0)) {
    throw new RangeError(
      `rankEvolution: expected ${count} positive integers as sizes, got [${sizes.join(", ")}]`,
    );
  }
  return [...sizes];
}
