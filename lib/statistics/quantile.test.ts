import assert from "node:assert/strict";
import { test } from "node:test";
import { quantiles } from "./fixtures/scipy.json";
import { normalQuantile, studentQuantile } from "./quantile";

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual / expected - 1) < 1e-12, `${actual} is not ${expected}`);

test("the quantiles of the normal and of Student's t distribution agree with SciPy", () => {
  for (const [i, confidence] of quantiles.confidences.entries()) {
    near(normalQuantile(confidence), quantiles.normal[i]!);
    for (const [j, degrees] of quantiles.degrees.entries()) {
      near(studentQuantile(confidence, degrees), quantiles.student[i]![j]!);
    }
  }
});

test("quantiles of probabilities near 0 and near 1 agree with closed forms", () => {
  // From the density at 0, and from the closed forms for 1 and 2 degrees of freedom.
  for (const p of [1e-300, 1e-12, 1e-9]) {
    near(normalQuantile(p), p * Math.sqrt(Math.PI / 2));
    near(studentQuantile(p, 1), (p * Math.PI) / 2);
    near(studentQuantile(p, 4), p * (4 / 3));
  }
  for (const p of [0.99, 0.9999]) near(studentQuantile(p, 2), p * Math.sqrt(2 / (1 - p ** 2)));
  // mpmath: sqrt(2) * erfinv(1 - 2 ** -40).
  near(normalQuantile(1 - 2 ** -40), 7.143552034352189);
});
