/** The shape of dense weights, as PyTorch's. */
export type DenseShape = [outputs: number, inputs: number];

/** The shape of a convolution's kernel, as PyTorch's. */
export type KernelShape = [outputs: number, inputs: number, height: number, width: number];

const DIMENSIONS = ["outputs", "inputs", "height", "width"];

/** @throws RangeError if a shape is not this many positive integers */
export function checkShape(shape: number[], dimensions: 2 | 4): void {
  const positive = shape.every((length) => Number.isInteger(length) && length > 0);
  if (shape.length === dimensions && positive) return;
  const names = DIMENSIONS.slice(0, dimensions).join(", ");
  throw new RangeError(`expected [${names}] of positive integers, got [${shape.join(", ")}]`);
}
