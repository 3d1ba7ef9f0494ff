import assert from "node:assert/strict";
import { test } from "node:test";
import { report } from "./report";

test("a report has a row a comparison, with the ratio of the other's time to ours", () => {
  const text = report([
    { name: "step", threads: 2, ours: 5, other: 11.456, otherName: "PyTorch" },
    { name: "normals", threads: 2, ours: 812.4, otherName: "NumPy" },
  ]);
  assert.deepEqual(text.split("\n"), [
    "         threads  ours, ms  other, ms  other / ours  the other",
    "step           2         5       11.5          2.29  PyTorch",
    "normals        2       812          –             –  NumPy",
  ]);
});
