import { requireNumber } from "../checks/check-range";
import type { Operand } from "../linalg/operand";
import { matrixRank } from "./matrix-rank";
import { type Spectrum, spectrumOf } from "./spectrum";

/** A function from a layer's spectrum to its rank; a metric without a tolerance ignores `tol`. */
export type RankMetric = (spectrum: Spectrum, options: { tol: number }) => number;

/** Options of `networkRank`. */
export interface NetworkRankOptions {
  /** The rank of a layer. Default: the number of singular values above tol · the layer's largest. */
  metric?: RankMetric;
  /** The tolerance > 0 that the metric receives. Default: 1e-3. */
  tol?: number;
}

/** A rank with its capacity and its dependence on the tolerance. */
export interface RankCount {
  rank: number;
  /** The largest possible rank. */
  capacity: number;
  /** rank / capacity, in [0, 1]. */
  ratio: number;
  /** The rank at twice the tolerance and at half the tolerance. */
  range: [number, number];
  /** Whether these two ranks agree, which means that the spectrum has a gap at the tolerance. */
  clear: boolean;
}

/** The rank of one layer. */
export interface LayerRank extends RankCount {
  name: string;
  /** [outputs, inputs] */
  shape: readonly [number, number];
}

/** The rank of a network, summed over its layers, and the rank of each layer. */
export interface NetworkRank extends RankCount {
  layers: LayerRank[];
  /** The smallest rank of a layer. */
  bottleneck: number;
}

/**
 * The rank of a network, by which networks of different widths and depths can be compared.
 *
 * A layer's rank is the number of its singular values above tol · σ₁ and its capacity min(m, n). The network's rank and
 * capacity are their sums over the layers, and `ratio` is the quotient of the sums. The reasons for this definition:
 *
 * - It is invariant under rescaling of layers, and so under W₁ → cW₁, W₂ → W₂ / c, which does not change the function
 *   of a ReLU network; also under permutations of hidden units and rotations. An absolute tolerance would depend on the
 *   scale. Rescaling single units is another symmetry of ReLU networks, which keeps the exact rank but moves the
 *   singular values and so may change this count; weight decay selects the network in which the incoming and outgoing
 *   weights of each unit are balanced.
 * - Two networks side by side (block-diagonal layers) with equal σ₁ have the sum of the ranks and capacities. A
 *   tolerance relative to ‖W‖_F, as in `normalizedRank`, would grow with the width.
 * - Units with zero weights add to the capacity but not to the rank: `rank` compares the used dimensions and `ratio`
 *   their share of the available ones. The capacity is the least dimension because a rank cannot exceed it: the ratio
 *   to the number of units, which the convergent-rank notebook prints, cannot be 1 for a layer that widens. The sums
 *   are divided because a mean of ratios would give the ten rows of an output layer the weight of hundreds in a hidden
 *   one.
 * - Both sums grow with depth, but `bottleneck` does not: if the tolerance drops only zeros, it bounds the rank of the
 *   network's Jacobian at every input, for layers in sequence without skip connections.
 * - A count means little if many singular values are near the tolerance, which `range` and `clear` reveal.
 *
 * @param layers The weights by name or in a list: matrices [outputs, inputs], or spectra, such as one of
 *   `convolutionSpectrum`. Biases are not layers.
 * @returns The rank of the network and of each layer; layers in a list are named by their indices.
 * @throws RangeError if there are no layers or the tolerance is not positive; TypeError or RangeError that names the
 *   layer for anything but matrices of finite numbers.
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
