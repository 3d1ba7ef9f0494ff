import { Matrix } from "ml-matrix";
import { tf } from "../backend/tf";
import type { Operand } from "../linalg/operand";
import { flattenedSpectrum } from "./convolution-spectrum";
import { Spectrum, spectrumOf } from "./spectrum";

/** A function from a spectrum to a number, such as `stableRank` or `(s) => energyRank(s, 0.9)`. */
export type SpectralMetric = (spectrum: Spectrum) => number;

/** Tensors, matrices or spectra by name, such as a model's parameters. */
export type NamedLayers = Readonly<Record<string, Operand | Spectrum>>;

/**
 * A model whose layers can be measured: by the method `layers()`, which returns new tensors of the weights that the
 * model computes with, or else by its parameters.
 */
export type LayeredModel =
  | {
      layers():
        | NamedLayers
        | { readonly weights: readonly tf.Tensor[]; readonly biases: readonly tf.Tensor[] };
    }
  | { readonly parameters: NamedLayers };

/**
 * Computes metrics of each layer of a model, with one singular value decomposition per layer.
 *
 * @example
 * table(layerMetrics(model, { matrixRank, stableRank, effectiveRank }));
 *
 * @param layers A model, or layers by name: matrices, spectra, or convolution kernels [O, I, h, w], which are flattened
 *   to matrices [O, I · h · w] as in `convolutionSpectrum(…).flattened`. Tensors of another rank, such as biases, are
 *   omitted. A model's layers are the weights that it computes with, masked or multiplied from their factors.
 * @param metrics The metrics by name.
 * @returns A row for each layer with its name, its shape such as "200 × 784", and the metrics by name.
 * @throws TypeError or RangeError that names a layer which is not of finite numbers; RangeError if there is no layer.
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

/** The layers of a model by name, with a function that disposes of the tensors made for this call. */
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

/** Whether `parameters` are a model's, rather than a layer of that name. */
function hasParameters(layers: LayeredModel | NamedLayers): layers is { parameters: NamedLayers } {
  const { parameters } = layers as { parameters?: unknown };
  const isLayer =
    parameters instanceof tf.Tensor || parameters instanceof Spectrum || Matrix.isMatrix(parameters);
  return parameters !== undefined && !isLayer;
}

const isPerceptron = (made: object): made is { weights: readonly tf.Tensor[] } =>
  Array.isArray((made as { weights?: unknown }).weights);

/** Names weights like a perceptron's parameters: l1.weight, l2.weight, … */
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
