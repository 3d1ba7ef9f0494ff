/** How many numbers an array of this shape holds. */
export function sizeOf(shape: number[]): number {
  for (const length of shape) {
    if (!Number.isInteger(length) || length < 0) {
      throw new RangeError(`a shape takes non-negative integers, got [${shape.join(", ")}]`);
    }
  }
  return shape.reduce((size, length) => size * length, 1);
}
