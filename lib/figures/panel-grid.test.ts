import assert from "node:assert/strict";
import { test } from "node:test";
import { panelGrid } from "./panel-grid";

test("panels of equal size fill rows from the top left with gaps between them", () => {
  const [a, b, c] = panelGrid(3, 2, { x: 0.2, y: 0.1 });
  assert.deepEqual(a, { x: [0, 0.4], y: [0.55, 1] });
  assert.deepEqual(b!.y, a!.y);
  assert.ok(Math.abs(b!.x[0] - 0.6) < 1e-12 && Math.abs(b!.x[1] - 1) < 1e-12);
  assert.deepEqual(c!.x, a!.x);
  assert.ok(Math.abs(c!.y[0]) < 1e-12 && Math.abs(c!.y[1] - 0.45) < 1e-12);
});
