import assert from "node:assert/strict";
import { test } from "node:test";
import { oneHot } from "./one-hot";

test("oneHot marks each label in its row", () => {
  assert.deepEqual(oneHot(Uint8Array.of(2, 0), 3).to2DArray(), [
    [0, 0, 1],
    [1, 0, 0],
  ]);
});

test("oneHot refuses a label outside the classes", () => {
  assert.throws(() => oneHot([0, 3], 3), /label 1 is 3, expected an integer from 0 to 2/);
  assert.throws(() => oneHot([0.5], 3), /label 0 is 0\.5/);
});
