import assert from "node:assert/strict";
import { test } from "node:test";
import { intervalText } from "./interval-text";
import { meanInterval } from "./mean-interval";
import { spearman } from "./rank-correlation";

test("formats a mean and its interval with the given number of decimals", () => {
  assert.equal(intervalText({ mean: 0.614, low: -0.406, high: 1.634 }), "0.61 (-0.41 to 1.63)");
  assert.equal(intervalText({ mean: 559.3, low: 507.2, high: 611.4 }, 0), "559 (507 to 611)");
  // scipy.stats.t.interval(0.95, 2, 2, 3 ** -0.5)
  assert.equal(intervalText(meanInterval([1, 2, 3]), 3), "2.000 (-0.484 to 4.484)");
});

test("formats a correlation like a mean", () => {
  assert.equal(intervalText(spearman([1, 2, 3, 4], [2, 4, 6, 8])), "1.00 (1.00 to 1.00)");
});
