import { requireNumber } from "../checks/check-range";
import type { Operand } from "../linalg/operand";
import { matrixRank } from "./matrix-rank";
import { type Spectrum, spectrumOf } from "./spectrum";

/** The rank of one layer, given its spectrum and a tolerance that metrics without one ignore. */
export type RankMetric = (spectrum: Spectrum, options: { tol: number }) => number;

/** Options of `networkRank`. */
export interface NetworkRankOptions {
  /** Default: the number of singular values above tol · the layer's largest. */
  metric?: RankMetric;
  /** Default: 1e-3. */
  tol?: number;
}

/** A rank with what the tolerance does to it. */
export interface RankCount {
  rank: number;
  /** The most that the rank can be. */
  capacity: number;
  /** rank / capacity, from 0 to 1. */
  ratio: number;
  /** The rank at twice the tolerance and at half of it. */
  range: [number, number];
  /** Whether these two agree: no singular value lies near the tolerance, there is a gap in the spectrum. */
  clear: boolean;
}

/** The rank of one layer, with its capacity and how far it depends on the tolerance. */
export interface LayerRank extends RankCount {
  name: string;
  shape: readonly [number, number];
}

/** The rank of a network, summed over its layers, and the rank of each layer. */
export interface NetworkRank extends RankCount {
  layers: LayerRank[];
  /** The least rank of a layer. */
  bottleneck: number;
}

/**
 * The rank of a network, to compare networks of different widths and depths.
 *
 * A layer's rank is the number of its singular values above tol · σ₁, its capacity min(m, n); the network's are their
 * sums over the layers, `ratio` the one sum over the other. Why this:
 *
 * - Rescaling a layer leaves it alone, so W₁ → cW₁, W₂ → W₂ / c, which a ReLU network computes the same with, does too;
 *   so do permutations of hidden units and any rotation. An absolute tolerance would count the scale. Rescaling units
 *   one by one is another symmetry of ReLU: it keeps the exact rank but moves the singular values, hence this count;
 *   weight decay picks one of these networks, the one in which each unit's weights in and out are in balance.
 * - Two networks side by side (block-diagonal layers) of equal σ₁ have the sum of their ranks and capacities. A
 *   tolerance relative to ‖W‖_F, as `normalizedRank` has, would grow with the width.
 * - Units without weights add to the capacity, not to the rank: `rank` compares what is used, `ratio` how much of what
 *   there was. Least dimensions, because no more can be reached: a ratio to the number of units, the one that the
 *   convergent-rank notebook prints, cannot be 1 for a layer that widens. A sum over a sum, for in a mean of ratios the
 *   ten rows of the output would weigh as much as the hundreds of a hidden layer.
 * - Both sums grow with depth. `bottleneck` does not: where the tolerance drops nothing but zeros, it bounds the rank
 *   of the network's Jacobian at every input (layers in sequence, without skips).
 * - A count means little where singular values crowd at the tolerance. `range` and `clear` tell.
 *
 * @param layers The weights by name, or in a list: matrices [outputs, inputs], or spectra (for a convolution, one of
 *   `convolutionSpectrum`). Biases are not layers.
 * @throws RangeError for no layers, and for a tolerance that is not positive; TypeError or RangeError, with the layer's
 *   name, for anything but matrices of finite numbers.
 */
export function networkRank(
  layers: Record<string, Operand | Spectrum> | (Operand | Spectrum)[],
  { metric = countAbove, tol = 1e-3 }: NetworkRankOptions = {},
): NetworkRank {
  requireNumber("networkRank: tol", tol, "(0, ∞]");
  const ranks = Object.entries(layers).map(([name, layer]) => {
    const spectrum = spectrumOf(layer, `networkRank, layer ${name}`);
    const [rank, low, high] = [tol, 2 * tol, tol / 2].map((tol) => metric(spectrum, { tol }));
    const { shape, values } = spectrum;
    return { name, shape, ...counted(rank!, values.length, [low!, high!]) };
  });
  if (ranks.length === 0) throw new RangeError("networkRank: expected at least one layer, got none");
  const sum = (of: (layer: LayerRank) => number) => ranks.reduce((total, layer) => total + of(layer), 0);
  return {
    ...counted(sum(rankOf), sum(capacityOf), [sum(lowOf), sum(highOf)]),
    bottleneck: Math.min(...ranks.map(rankOf)),
    layers: ranks,
  };
}

const countAbove: RankMetric = (spectrum, { tol }) => matrixRank(spectrum, { rtol: tol });
const rankOf = ({ rank }: RankCount) => rank;
const capacityOf = ({ capacity }: RankCount) => capacity;
const lowOf = ({ range }: RankCount) => range[0];
const highOf = ({ range }: RankCount) => range[1];

function counted(rank: number, capacity: number, range: [number, number]): RankCount {
  return { rank, capacity, ratio: rank / capacity, range, clear: range[0] === range[1] };
}
