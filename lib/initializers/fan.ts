import { requireIntegers } from "../checks/check-range";

/** The number of inputs to each output unit, and of outputs from each input unit. */
export interface Fans {
  fanIn: number;
  fanOut: number;
}

/**
 * Computes the fan-in and fan-out of weights: PyTorch's `_calculate_fan_in_and_fan_out`.
 *
 * @param shape [outputs, inputs] of dense weights, or [outputs, inputs, height, width] of a kernel, whose fans are
 *   multiplied by height · width.
 * @throws RangeError unless the shape is two or more integers ≥ 1.
 */
export function fansOf(shape: number[]): Fans {
  requireIntegers("shape", shape, "[outputs, inputs, …] of integers ≥ 1", { least: 1, atLeast: 2 });
  const [outputs, inputs, ...kernel] = shape as [number, number, ...number[]];
  const positions = kernel.reduce((product, length) => product * length, 1);
  return { fanIn: inputs * positions, fanOut: outputs * positions };
}
