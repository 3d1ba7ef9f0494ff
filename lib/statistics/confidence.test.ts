import assert from "node:assert/strict";
import { test } from "node:test";
import { meanInterval, pairedDifference } from "./mean-interval";
import { spearman } from "./rank-correlation";

const [x, y] = [
  [1, 2, 3, 4, 5],
  [1, 3, 2, 5, 4],
];
const intervals = {
  meanInterval: (confidence: number) => meanInterval(x, confidence),
  pairedDifference: (confidence: number) => pairedDifference(x, y, confidence),
  spearman: (confidence: number) => spearman(x, y, confidence),
};

for (const [name, interval] of Object.entries(intervals)) {
  test(`${name} requires a confidence in (0, 1), and its interval widens with it`, () => {
    for (const confidence of [0, 1, 95, -0.5, Number.NaN, Infinity, null as unknown as number]) {
      const expected = new RegExp(`${name}: confidence is .*, expected a number in \\(0, 1\\)`);
      assert.throws(() => interval(confidence), expected, `${confidence}`);
    }
    const widths = [1e-9, 0.5, 0.95, 0.999999].map((confidence) => {
      const { low, high } = interval(confidence);
      return high - low;
    });
    assert.ok(
      widths.every((width, i) => width > (widths[i - 1] ?? 0)),
      `${widths}`,
    );
  });
}
