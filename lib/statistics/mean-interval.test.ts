import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import * as scipy from "./fixtures/scipy.json";
import { type Interval, meanInterval, pairedDifference } from "./mean-interval";

function assertNear({ mean, low, high }: Interval, expected: number[]): void {
  const scale = Math.max(...expected.map(Math.abs));
  for (const [i, value] of [mean, low, high].entries()) {
    assert.ok(Math.abs(value - expected[i]!) <= 1e-12 * scale, `${value} is not ${expected[i]}`);
  }
}

test("the intervals of a mean and of a paired difference agree with SciPy", () => {
  for (const { values, confidence, interval } of scipy.meanInterval) {
    assertNear(meanInterval(values, confidence), interval);
  }
  for (const { a, b, confidence, interval } of scipy.pairedDifference) {
    assertNear(pairedDifference(a, b, confidence), interval);
  }
  // SciPy 1.17.1: ttest_1samp([1, 4], 0).confidence_interval()
  assertNear(meanInterval([1, 4]), [2.5, -16.55930710426204, 21.55930710426204]);
});

test("the interval of a sample of any scale is accurate: no square or sum overflows or underflows", () => {
  const values = [3, 1, 4, 1, 5];
  const unit = meanInterval(values);
  for (const exponent of [1020, 600, -600, -1000]) {
    const scale = 2 ** exponent;
    const scaled = meanInterval(values.map((value) => value * scale));
    assertNear({ mean: scaled.mean / scale, low: scaled.low / scale, high: scaled.high / scale }, [
      unit.mean,
      unit.low,
      unit.high,
    ]);
  }
  assert.deepEqual(meanInterval([1e308, 1e308]), { mean: 1e308, low: 1e308, high: 1e308 });
  assert.deepEqual(meanInterval([1e308, -1e308]), { mean: 0, low: -Infinity, high: Infinity });
  const differences = pairedDifference([1.5e308, 1.5e308, 1.5e308], [-1e307, -1e307, -1e307]);
  assertNear(differences, [1.6e308, 1.6e308, 1.6e308]);
  // The differences are far smaller than the values.
  assertNear(pairedDifference([1, 3e-200], [1, 1e-200]), meanOf([0, 2e-200]));
});

const meanOf = (values: number[]) => {
  const { mean, low, high } = meanInterval(values);
  return [mean, low, high];
};

test("the interval of equal values is that value", () => {
  fc.assert(
    fc.property(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: 2, max: 200 }),
      (value, count) => {
        const { mean, low, high } = meanInterval(new Float64Array(count).fill(value));
        assert.ok(mean === value && low === value && high === value, `${mean}, ${low}, ${high}`);
      },
    ),
  );
});

test("the interval of 300,000 values agrees with SciPy", () => {
  // The variance of 0 … n − 1 is n(n + 1)/12; SciPy 1.17.1: t.ppf(0.975, 299999) is 1.9599718921685414.
  const count = 300_000;
  const reach = 1.9599718921685414 * Math.sqrt((count + 1) / 12);
  const middle = (count - 1) / 2;
  assertNear(meanInterval(Float64Array.from({ length: count }, (_, i) => i)), [
    middle,
    middle - reach,
    middle + reach,
  ]);
});

test("rejects samples that are too small, unpaired or not finite", () => {
  assert.throws(() => meanInterval([]), /expected values to hold at least 2 numbers, got 0/);
  assert.throws(() => meanInterval([1]), /expected values to hold at least 2 numbers, got 1/);
  assert.throws(() => meanInterval([1, Number.NaN]), /expected finite numbers, got values\[1\] = NaN/);
  assert.throws(() => meanInterval([-Infinity, 1]), /got values\[0\] = -Infinity/);
  assert.throws(() => meanInterval(["1", "2"] as unknown as number[]), /got values\[0\] = 1/);
  assert.throws(() => meanInterval(undefined as unknown as number[]), /got undefined/);
  assert.throws(() => pairedDifference([1, 2], [1]), /expected samples of equal length, got 2 and 1/);
  assert.throws(() => pairedDifference([1], [1]), /expected a to hold at least 2 numbers, got 1/);
  assert.throws(() => pairedDifference([1, 2], [1, Number.NaN]), /got b\[1\] = NaN/);
});
