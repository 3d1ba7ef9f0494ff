import assert from "node:assert/strict";
import { test } from "node:test";
import { spearman } from "./rank-correlation";

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);

// SciPy 1.17.1: spearmanr(x, y).statistic, and the formula for the interval in NumPy.
test("rank correlations are SciPy's, ties included, with Bonett and Wright's interval", () => {
  const { correlation, low, high } = spearman([1, 2, 2, 4, 5, 7, 7, 9], [2.5, 1, 3, 3, 8, 6, 9, 9]);
  near(correlation, 0.8902439024390245);
  near(low, 0.3690893296279265);
  near(high, 0.9854738771379556);
  near(spearman([1, 2, 3, 4, 5, 6], [6, 5, 1, 3, 2, 4]).correlation, -0.48571428571428577);
});

test("only the order counts, and perfect order leaves no room", () => {
  const x = [3, 1, 4, 1.5, 9, 2];
  near(spearman(x, x.map(Math.exp)).correlation, 1);
  near(
    spearman(
      x,
      x.map((value) => -(value ** 3)),
    ).low,
    -1,
  );
});

test("samples that are too small, unpaired, not finite or all equal are refused", () => {
  assert.throws(() => spearman([1, 2, 3], [1, 2, 3]), /four or more finite numbers, got 3 and 3/);
  assert.throws(() => spearman([1, 2, 3, 4], [1, 2, 3]), /got 4 and 3/);
  assert.throws(() => spearman([1, 2, 3, Number.NaN], [1, 2, 3, 4]), /finite/);
  assert.throws(() => spearman([1, 2, 3, 4], [5, 5, 5, 5]), /samples that vary/);
});
