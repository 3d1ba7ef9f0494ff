import { requireIntegers } from "../checks/check-range";
/** The shape of dense weights, as PyTorch's. */
export type DenseShape = [outputs: number, inputs: number];

/** The shape of a convolution's kernel, as PyTorch's. */
export type KernelShape = [outputs: number, inputs: number, height: number, width: number];

const DIMENSIONS = ["outputs", "inputs", "height", "width"];

/** @throws RangeError if a shape is not this many positive integers */
export function checkShape(shape: number[], dimensions: 2 | 4): void {
  const names = DIMENSIONS.slice(0, dimensions).join(", ");
  requireIntegers("shape", shape, `[${names}] of integers ≥ 1`, { least: 1, length: dimensions });
}
