import { requireIntegers } from "../checks/check-range";

/** The shape of dense weights in PyTorch's layout. */
export type DenseShape = [outputs: number, inputs: number];

/** The shape of a convolution kernel in PyTorch's layout. */
export type KernelShape = [outputs: number, inputs: number, height: number, width: number];

const DIMENSIONS = ["outputs", "inputs", "height", "width"];

/**
 * Checks the shape of dense weights (2 dimensions) or of a kernel (4).
 *
 * @throws RangeError if the shape is not that many integers ≥ 1.
 */
export function checkShape(shape: number[], dimensions: 2 | 4): void {
  const names = DIMENSIONS.slice(0, dimensions).join(", ");
  requireIntegers("shape", shape, `[${names}] of integers ≥ 1`, { least: 1, length: dimensions });
}
