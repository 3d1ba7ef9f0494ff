/**
 * Ranks, norms and spectra of matrices, layers and networks.
 *
 * @module
 */

export { type ConvolutionSpectra, convolutionSpectrum } from "./convolution-spectrum";
export { effectiveRank } from "./effective-rank";
export { energyRank } from "./energy-rank";
export { type LayeredModel, layerMetrics, type NamedLayers, type SpectralMetric } from "./layer-metrics";
export { type MatrixRankOptions, matrixRank } from "./matrix-rank";
export {
  type LayerRank,
  type NetworkRank,
  type NetworkRankOptions,
  networkRank,
  type RankCount,
  type RankMetric,
} from "./network-rank";
export { type NormalizedRankOptions, normalizedRank } from "./normalized-rank";
export { nuclearRank } from "./nuclear-rank";
export { participationRatio } from "./participation-ratio";
export { singularValues } from "./singular-values";
export { spectralNorm } from "./spectral-norm";
export { Spectrum, spectrum, type Tolerances } from "./spectrum";
export { stableRank } from "./stable-rank";
