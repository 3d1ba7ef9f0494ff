import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import * as scipy from "./fixtures/scipy.json";
import { spearman } from "./rank-correlation";

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);

test("rank correlations, including ties, agree with SciPy, and intervals with Bonett and Wright's formula", () => {
  for (const { x, y, confidence, interval } of scipy.spearman) {
    const { correlation, low, high } = spearman(x, y, confidence);
    near(correlation, interval[0]!);
    near(low, interval[1]!);
    near(high, interval[2]!);
  }
  // SciPy 1.17.1: spearmanr(x, y).statistic, and the formula for the interval in NumPy.
  const { correlation, low, high } = spearman([1, 2, 2, 4, 5, 7, 7, 9], [2.5, 1, 3, 3, 8, 6, 9, 9]);
  near(correlation, 0.8902439024390245);
  near(low, 0.3690893296279265);
  near(high, 0.9854738771379556);
});

const anyNumber = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: 0, max: 3 }),
);
const varied = fc
  .array(anyNumber, { minLength: 4, maxLength: 60 })
  .filter((values) => values.some((value) => value !== values[0]));

test("a perfect correlation is exactly 1 or -1, and its interval is that point", () => {
  fc.assert(
    fc.property(varied, (x) => {
      assert.deepEqual(spearman(x, x), { correlation: 1, low: 1, high: 1 });
      const reversed = x.map((value) => -value);
      assert.deepEqual(spearman(x, reversed), { correlation: -1, low: -1, high: -1 });
    }),
  );
});

test("correlation and interval are ordered within [-1, 1] and symmetric in the samples", () => {
  const pairs = fc
    .array(fc.tuple(anyNumber, anyNumber), { minLength: 4, maxLength: 60 })
    .filter((all) => [0, 1].every((i) => all.some((pair) => pair[i] !== all[0]![i])));
  fc.assert(
    fc.property(pairs, (all) => {
      const [x, y] = [all.map(([value]) => value), all.map(([, value]) => value)];
      const { correlation, low, high } = spearman(x, y);
      assert.ok(-1 <= low && low <= correlation && correlation <= high && high <= 1);
      assert.deepEqual(spearman(y, x), { correlation, low, high });
    }),
  );
});

test("the correlation is invariant under increasing maps", () => {
  const x = [3, 1, 4, 1.5, 9, 2];
  const y = [2, 7, 1, 8, 2, 8];
  const expected = spearman(x, y);
  for (const scale of [1e307, 1e-200, 2 ** -1073]) {
    assert.deepEqual(
      spearman(
        x.map((value) => value * scale),
        y,
      ),
      expected,
    );
  }
  assert.deepEqual(spearman(x.map(Math.exp), y), expected);
  assert.deepEqual(spearman([-0, 0, 1, 2], [1, 1, 2, 3]).correlation, 1);
});

test("the correlation of 300,000 numbers with swapped neighbours follows Spearman's formula", () => {
  const count = 300_000;
  const x = Float64Array.from({ length: count }, (_, i) => i);
  // Spearman's formula without ties: 1 − 6 Σd² / (n³ − n), where each d is 1.
  near(
    spearman(
      x,
      x.map((value) => value ^ 1),
    ).correlation,
    1 - 6 / (count ** 2 - 1),
  );
  assert.equal(spearman(x, x).correlation, 1);
});

test("rejects samples that are too small, unpaired, not finite or constant", () => {
  assert.throws(() => spearman([1, 2, 3], [1, 2, 3]), /expected x to hold at least 4 numbers, got 3/);
  assert.throws(() => spearman([1, 2, 3, 4], [1, 2, 3]), /expected samples of equal length, got 4 and 3/);
  assert.throws(() => spearman([1, 2, 3, 4], [1, 2, 3, Number.NaN]), /finite numbers, got y\[3\] = NaN/);
  assert.throws(() => spearman([1, 2, Infinity, 4], [1, 2, 3, 4]), /got x\[2\] = Infinity/);
  assert.throws(() => spearman([1, 2, 3, 4], [5, 5, 5, 5]), /samples that vary, got constant y/);
  assert.throws(() => spearman([0, -0, 0, 0], [1, 2, 3, 4]), /got constant x/);
});
