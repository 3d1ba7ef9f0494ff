import type { Operand } from "../linalg/operand";
import { type Spectrum, spectrumOf } from "./spectrum";

/** A function that gives a number for a spectrum, such as `stableRank` or `(s) => energyRank(s, 0.9)`. */
export type SpectralMetric = (spectrum: Spectrum) => number;

/**
 * Several metrics of several layers, each layer's from one spectrum.
 *
 * @example
 * table(layerMetrics(model.weights, { matrixRank, stableRank, effectiveRank }));
 *
 * @param layers Matrices or spectra by name.
 * @returns A row a layer, fit for a table: its name, its shape, such as "200 × 784", and the metrics by their names.
 * @throws TypeError or RangeError, with the layer's name, for anything but matrices of finite numbers.
 */
export function layerMetrics<Name extends string>(
  layers: Record<string, Operand | Spectrum>,
  metrics: Record<Name, SpectralMetric>,
): ({ layer: string; shape: string } & Record<Name, number>)[] {
  return Object.entries(layers).map(([layer, weights]) => {
    const spectrum = spectrumOf(weights, `layerMetrics, layer ${layer}`);
    const values = Object.entries<SpectralMetric>(metrics).map(([name, metric]) => [name, metric(spectrum)]);
    return {
      layer,
      shape: spectrum.shape.join(" × "),
      ...(Object.fromEntries(values) as Record<Name, number>),
    };
  });
}
