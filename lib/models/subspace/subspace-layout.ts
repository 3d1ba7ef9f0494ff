import { requireIntegers } from "../../checks/check-range";
import type { RandomState } from "../../random/numpy";

/** The sizes of notebook 00's net: inputs, units of its two hidden layers, outputs. */
export const greydanusSizes: readonly number[] = [784, 200, 200, 10];
/** The standard deviations that its weights start with; its biases start at 0. */
export const greydanusDeviations: readonly number[] = [0.001, 0.001, 0.01];

/** Where a parameter of a net lies in its flat θ, which holds them one after another. */
export interface Part {
  /** W1, W2, … or b1, b2, … */
  name: string;
  /** [inputs, outputs] of a weight, [outputs] of a bias. */
  shape: number[];
  count: number;
}

/**
 * The parameters in the order of θ, all weights before all biases: W1, W2, …, b1, b2, …
 *
 * @param sizes The number of inputs, of units in each hidden layer, and of outputs.
 * @throws RangeError unless `sizes` is two or more positive integers
 */
export function partsOf(sizes: readonly number[]): Part[] {
  requireIntegers("sizes", sizes, "two or more integers ≥ 1", { least: 1, atLeast: 2 });
  const layers = sizes.slice(1).map((outputs, i) => ({ number: i + 1, inputs: sizes[i]!, outputs }));
  return [
    ...layers.map(({ number, inputs, outputs }) => ({
      name: `W${number}`,
      shape: [inputs, outputs],
      count: inputs * outputs,
    })),
    ...layers.map(({ number, outputs }) => ({ name: `b${number}`, shape: [outputs], count: outputs })),
  ];
}

/** Options of `initialTheta`. */
export interface InitialThetaOptions {
  /** The number of inputs, of units in each hidden layer, and of outputs. Default: [784, 200, 200, 10]. */
  sizes?: readonly number[];
  /** The standard deviation of each layer's weights. Default: [0.001, 0.001, 0.01]. */
  deviations?: readonly number[];
}

/**
 * The θ that the document's training starts at: normal weights and biases of 0, in the order of θ. For the biases it
 * draws too, and multiplies by 0.
 *
 * @returns [D], 199,210 numbers by default.
 * @throws RangeError for sizes that are no net's, or unless there is one deviation from 0 for each layer.
 */
export function initialTheta(
  random: RandomState,
  { sizes = greydanusSizes, deviations = greydanusDeviations }: InitialThetaOptions = {},
): Float64Array {
  const parts = partsOf(sizes);
  if (deviations.length !== sizes.length - 1 || !deviations.every((deviation) => deviation >= 0)) {
    throw new RangeError(
      `deviations is [${deviations.join(", ")}], expected ${sizes.length - 1} numbers ≥ 0, one for each layer`,
    );
  }
  const theta = new Float64Array(parts.reduce((size, { count }) => size + count, 0));
  let start = 0;
  for (const [i, { count }] of parts.entries()) {
    const deviation = deviations[i] ?? 0;
    theta.set(
      random.randn(count).map((z) => z * deviation),
      start,
    );
    start += count;
  }
  return theta;
}
