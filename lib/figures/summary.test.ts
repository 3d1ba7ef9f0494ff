import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "./json";
import { plainText, summarize } from "./summary";

test("a figure's text has its title and a line a trace, without markup", () => {
  const data: Json[] = [
    { name: "W<sub>21</sub>", x: [0, 1], y: [0.5, 2] },
    { name: "map", z: [[1, 2, 3]] },
    { y: [1, 2] },
  ];
  assert.equal(
    summarize(data, { title: { text: "Loss &lt; 1" } }),
    "Loss < 1\n  W21: 2 points, x from 0 to 1, y from 0.5 to 2\n  map: 1 × 3 values, from 1 to 3",
  );
});

test("only Plotly's own tags are markup", () => {
  assert.equal(plainText("a < b<br>c <i>d</i> <x>"), "a < b c d <x>");
});
