import assert from "node:assert/strict";
import { test } from "node:test";
import { requireInteger, requireIntegers, requireNumber } from "./check-range";

const refused = (message: string) => ({ name: "RangeError", message });

test("requireNumber takes the ends that a square bracket includes and no others", () => {
  for (const interval of ["[0, 1]", "(0, 1]", "[0, ∞)", "[0, ∞]"] as const) {
    const low = interval.startsWith("[") ? assert.doesNotThrow : assert.throws;
    const high = interval.endsWith("]") ? assert.doesNotThrow : assert.throws;
    low(() => requireNumber("x", 0, interval));
    high(() => requireNumber("x", interval.includes("∞") ? Infinity : 1, interval));
    requireNumber("x", 0.5, interval);
  }
  assert.throws(() => requireNumber("f: x", 0, "(0, 1)"), refused("f: x is 0, expected a number in (0, 1)"));
});

test("requireNumber refuses NaN and what only resembles a number", () => {
  for (const value of [Number.NaN, "0.5", null, undefined, true, 1n, [0.5]]) {
    const message = `x is ${value}, expected a number in [0, ∞]`;
    assert.throws(() => requireNumber("x", value, "[0, ∞]"), refused(message));
  }
});

test("requireInteger takes the integers from the smallest to the largest", () => {
  for (const value of [1, 2, 3]) requireInteger("n", value, 1, 3);
  for (const value of [0, 4, 1.5, Number.NaN, Infinity, "2", undefined]) {
    assert.throws(
      () => requireInteger("n", value, 1, 3),
      refused(`n is ${value}, expected an integer from 1 to 3`),
    );
  }
  requireInteger("n", 2 ** 53 - 1, 0);
  assert.throws(() => requireInteger("n", 2 ** 53, 0), refused(`n is ${2 ** 53}, expected an integer ≥ 0`));
});

test("requireIntegers takes lists of the right length and of integers that are large enough", () => {
  requireIntegers("shape", [1, 2], "two integers ≥ 1", { least: 1, length: 2 });
  requireIntegers("sizes", [4, 5, 6], "two or more integers ≥ 1", { least: 1, atLeast: 2 });
  for (const values of [[1], [1, 2, 3], [1, 0], [1, 1.5], [1, Number.NaN]]) {
    assert.throws(
      () => requireIntegers("shape", values, "two integers ≥ 1", { least: 1, length: 2 }),
      refused(`shape is [${values.join(", ")}], expected two integers ≥ 1`),
    );
  }
  assert.throws(() => requireIntegers("sizes", [4], "two or more", { least: 1, atLeast: 2 }), RangeError);
});
