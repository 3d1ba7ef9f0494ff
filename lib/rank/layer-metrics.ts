import { Matrix } from "ml-matrix";
import { tf } from "../backend/tf";
import type { Operand } from "../linalg/operand";
import { flattenedSpectrum } from "./convolution-spectrum";
import { Spectrum, spectrumOf } from "./spectrum";

/** A function that gives a number for a spectrum, such as `stableRank` or `(s) => energyRank(s, 0.9)`. */
export type SpectralMetric = (spectrum: Spectrum) => number;

/** Tensors, matrices or spectra by name, such as a model's parameters. */
export type NamedLayers = Readonly<Record<string, Operand | Spectrum>>;

/**
 * A model whose layers can be measured: those of `layers()`, new tensors of the weights that it computes with, or without
 * that method its parameters.
 */
export type LayeredModel =
  | {
      layers():
        | NamedLayers
        | { readonly weights: readonly tf.Tensor[]; readonly biases: readonly tf.Tensor[] };
    }
  | { readonly parameters: NamedLayers };

/**
 * Several metrics of several layers, each layer's from one spectrum.
 *
 * @example
 * table(layerMetrics(model, { matrixRank, stableRank, effectiveRank }));
 *
 * @param layers A model, or its layers by name: matrices, kernels of convolutions [O, I, h, w], which count as matrices
 *   [O, I · h · w] as in `convolutionSpectrum(…).flattened`, or spectra. Tensors of another rank, such as biases, are
 *   left out. The layers of a model are the weights that it computes with: masked, or multiplied from their factors.
 * @returns A row for each layer, fit for a table: its name, its shape, such as "200 × 784", and the metrics by their names.
 * @throws TypeError or RangeError, with the layer's name, for a layer that holds something that is not finite; RangeError
 *   where there is no layer.
 */
export function layerMetrics<Name extends string>(
  layers: LayeredModel | NamedLayers,
  metrics: Record<Name, SpectralMetric>,
): ({ layer: string; shape: string } & Record<Name, number>)[] {
  const { named, dispose } = layersOf(layers);
  try {
    const weights = Object.entries(named).filter(([, layer]) => isWeight(layer));
    if (weights.length === 0) {
      const names = Object.keys(named).join(", ");
      throw new RangeError(`layerMetrics: expected at least one matrix or kernel, got [${names}]`);
    }
    return weights.map(([layer, weight]) => {
      const { spectrum, shape } = measured(weight, `layerMetrics, layer ${layer}`);
      const values = Object.entries<SpectralMetric>(metrics).map(([name, metric]) => [
        name,
        metric(spectrum),
      ]);
      return { layer, shape: shape.join(" × "), ...(Object.fromEntries(values) as Record<Name, number>) };
    });
  } finally {
    dispose();
  }
}

/** The layers of a model by name, and a function that frees those that were made for the call. */
function layersOf(layers: LayeredModel | NamedLayers): { named: NamedLayers; dispose(): void } {
  if (hasMethod(layers)) {
    const made = layers.layers();
    return {
      named: isPerceptron(made) ? namedByPosition(made.weights) : (made as NamedLayers),
      dispose: () => tf.dispose(made as tf.TensorContainer),
    };
  }
  return { named: hasParameters(layers) ? layers.parameters : (layers as NamedLayers), dispose() {} };
}

type WithMethod = Extract<LayeredModel, { layers: unknown }>;

const hasMethod = (layers: object): layers is WithMethod =>
  typeof (layers as Partial<WithMethod>).layers === "function";

/** Whether these are a model's parameters, not a layer that has this name. */
function hasParameters(layers: LayeredModel | NamedLayers): layers is { parameters: NamedLayers } {
  const { parameters } = layers as { parameters?: unknown };
  const isLayer =
    parameters instanceof tf.Tensor || parameters instanceof Spectrum || Matrix.isMatrix(parameters);
  return parameters !== undefined && !isLayer;
}

const isPerceptron = (made: object): made is { weights: readonly tf.Tensor[] } =>
  Array.isArray((made as { weights?: unknown }).weights);

/** Weights under the names that a perceptron's parameters have: l1.weight, l2.weight, … */
const namedByPosition = (weights: readonly tf.Tensor[]): NamedLayers =>
  Object.fromEntries(weights.map((weight, i) => [`l${i + 1}.weight`, weight]));

const isWeight = (layer: Operand | Spectrum) =>
  !(layer instanceof tf.Tensor) || layer.rank === 2 || layer.rank === 4;

function measured(
  weight: Operand | Spectrum,
  caller: string,
): { spectrum: Spectrum; shape: readonly number[] } {
  if (weight instanceof tf.Tensor && weight.rank === 4) {
    return { spectrum: flattenedSpectrum(weight, caller), shape: weight.shape };
  }
  const spectrum = spectrumOf(weight, caller);
  return { spectrum, shape: spectrum.shape };
}
