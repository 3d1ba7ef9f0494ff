import { requireIntegers } from "../checks/check-range";
/** How many inputs an output has, and how many outputs an input has. */
export interface Fans {
  fanIn: number;
  fanOut: number;
}

/**
 * The fans of dense weights [outputs, inputs] or of a convolution's kernel [outputs, inputs, height, width], which
 * counts its positions: PyTorch's `_calculate_fan_in_and_fan_out`.
 *
 * @throws RangeError for fewer than two dimensions, or one that is no positive integer
 */
export function fansOf(shape: number[]): Fans {
  requireIntegers("shape", shape, "[outputs, inputs, …] of integers ≥ 1", { least: 1, atLeast: 2 });
  const [outputs, inputs, ...kernel] = shape as [number, number, ...number[]];
  const positions = kernel.reduce((product, length) => product * length, 1);
  return { fanIn: inputs * positions, fanOut: outputs * positions };
}
