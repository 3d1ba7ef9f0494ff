import { requireIntegers } from "../../checks/check-range";
import type { RandomState } from "../../random/numpy";

/** The layer sizes of notebook 00's network: inputs, units of the two hidden layers, outputs. */
export const GREYDANUS_SIZES: readonly number[] = [784, 200, 200, 10];
/** The standard deviations of the initial weights of notebook 00's network, whose biases start at 0. */
export const GREYDANUS_DEVIATIONS: readonly number[] = [0.001, 0.001, 0.01];

/** A parameter of a network as a part of the flat vector θ, in which the parts are concatenated. */
export interface Part {
  /** The parameter's name, such as W1, b1 or fc1.weight. */
  name: string;
  /** The parameter's shape. */
  shape: number[];
  /** The number of elements, the product of the shape. */
  count: number;
}

/**
 * Lists the parameters of a perceptron in the order of θ, with all weights before all biases: W1, W2, …, b1, b2, …
 *
 * @param sizes The numbers of inputs, of units in each hidden layer, and of outputs, two or more integers ≥ 1.
 * @throws RangeError for other sizes.
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
  /** The numbers of inputs, of units in each hidden layer, and of outputs. Default: [784, 200, 200, 10]. */
  sizes?: readonly number[];
  /** The standard deviation ≥ 0 of each layer's weights. Default: [0.001, 0.001, 0.01]. */
  deviations?: readonly number[];
}

/**
 * Draws the original's initial parameters in the order of θ: normal weights, and biases of 0, for which it also draws
 * numbers and multiplies them by 0.
 *
 * @param random The random generator.
 * @returns θ [D], 199,210 numbers by default.
 * @throws RangeError unless the sizes are two or more integers ≥ 1, with one deviation ≥ 0 for each layer.
 */
export function initialTheta(
  random: RandomState,
  { sizes = GREYDANUS_SIZES, deviations = GREYDANUS_DEVIATIONS }: InitialThetaOptions = {},
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
