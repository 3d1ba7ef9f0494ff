import assert from "node:assert/strict";
import { test } from "node:test";
import fixture from "./fixtures/numpy.json";
import { Mt19937 } from "./mt19937";

test("Mt19937 reproduces NumPy's first output and the 10,000th output required by the C++ standard", () => {
  const generator = new Mt19937(5489);
  const outputs = Array.from({ length: 10000 }, () => generator.next());
  assert.equal(outputs[0], fixture.raw[0]);
  // The value that the C++ standard requires of std::mt19937 (section rand.predef).
  assert.equal(outputs[9999], 4123659995);
});

test("Mt19937 accepts the largest 32-bit seed", () => {
  const generator = new Mt19937(2 ** 32 - 1);
  assert.deepEqual([generator.next(), generator.next(), generator.next()], fixture.rawLargestSeed);
});

test("Mt19937 rejects a seed that is not an unsigned 32-bit integer", () => {
  for (const seed of [-1, 2 ** 32, 0.5, Number.NaN]) {
    assert.throws(
      () => new Mt19937(seed),
      new RegExp(`^RangeError: seed is ${seed}, expected an integer from 0 to 4294967295$`),
    );
  }
});
