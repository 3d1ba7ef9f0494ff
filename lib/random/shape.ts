import { requireIntegers } from "../checks/check-range";

/**
 * The number of elements in an array of this shape.
 *
 * @throws RangeError unless the shape is of integers ≥ 0.
 */
export function sizeOf(shape: number[]): number {
  requireIntegers("shape", shape, "integers ≥ 0", { least: 0 });
  return shape.reduce((size, length) => size * length, 1);
}
