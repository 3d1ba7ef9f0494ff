import assert from "node:assert/strict";

/**
 * Asserts that numbers agree with a reference, each to a share of the reference's largest magnitude.
 *
 * @param name What the numbers are, for the error.
 * @param tolerance The share. Default: 1e-5.
 */
export function assertCloseToLargest(
  actual: ArrayLike<number>,
  expected: number[],
  name: string,
  tolerance = 1e-5,
): void {
  assert.equal(actual.length, expected.length, name);
  const scale = Math.max(...expected.map(Math.abs));
  for (const [i, value] of expected.entries()) {
    assert.ok(
      Math.abs(actual[i]! - value) <= tolerance * scale,
      `${name} ${i}: ${actual[i]} is not ${value}`,
    );
  }
}
