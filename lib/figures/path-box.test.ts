import assert from "node:assert/strict";
import { test } from "node:test";
import { pathBox } from "./path-box";

test("the bounding box of a polygon follows absolute and relative commands", () => {
  assert.deepEqual(pathBox("M10,20h5V-4l-20,1Z"), { left: -5, top: -4, right: 15, bottom: 20 });
  assert.deepEqual(pathBox("M1,2 3,4L-1.5e1-.5"), { left: -15, top: -0.5, right: 3, bottom: 4 });
});

test("the bounding box of Plotly's circle is exact", () => {
  assert.deepEqual(pathBox("M3,0A3,3 0 1,1 0,-3A3,3 0 0,1 3,0Z"), { left: 0, top: -3, right: 3, bottom: 0 });
});

test("an empty path has no bounding box", () => {
  assert.equal(pathBox(""), undefined);
});
