import assert from "node:assert/strict";
import { test } from "node:test";
import { type Interval, meanInterval, pairedDifference } from "./mean-interval";

const a = [98.12, 98.3, 98.05, 98.41, 98.2];
const b = [98.0, 98.35, 97.9, 98.2, 98.15];

function assertNear({ mean, low, high }: Interval, expected: [number, number, number]): void {
  for (const [i, value] of [mean, low, high].entries()) {
    assert.ok(Math.abs(value - expected[i]!) < 1e-7, `${value} is not ${expected[i]}`);
  }
}

// SciPy 1.17.1: ttest_1samp(a, 0).confidence_interval() and ttest_rel(a, b).confidence_interval(confidence).
test("intervals of a mean and of a paired difference are SciPy's", () => {
  assertNear(meanInterval(a), [98.216, 98.03852455559426, 98.39347544440572]);
  assertNear(meanInterval([1, 4]), [2.5, -16.55930710426204, 21.55930710426204]);
  assertNear(pairedDifference(a, b), [0.096, -0.028042171275193067, 0.22004217127518896]);
  assertNear(pairedDifference(a, b, 0.8), [0.096, 0.027501532340408308, 0.1644984676595876]);
});

test("samples that are too small, unpaired or not finite, and impossible confidences are refused", () => {
  assert.throws(() => meanInterval([1]), /two or more finite numbers, got \[1\]/);
  assert.throws(() => meanInterval([1, Number.NaN]), /two or more finite numbers, got \[1, NaN\]/);
  assert.throws(() => pairedDifference([1, 2], [1]), /as many values in both, got 2 and 1/);
  for (const confidence of [0, 1, 95]) {
    assert.throws(() => meanInterval(a, confidence), /between 0 and 1, got/);
  }
});
