import { requireIntegers } from "../checks/check-range";
/** How many numbers an array of this shape holds. */
export function sizeOf(shape: number[]): number {
  requireIntegers("shape", shape, "integers ≥ 0", { least: 0 });
  return shape.reduce((size, length) => size * length, 1);
}
