import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "./json";
import { plainText, summarize } from "./summary";

test("the summary has the title and a line per trace, without markup", () => {
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

test("plainText removes Plotly's tags only", () => {
  assert.equal(plainText("a < b<br>c <i>d</i> <x>"), "a < b c d <x>");
});

test("traces of one and of no points are described as such, and ranges ignore gaps", () => {
  const one = { name: "one", x: [10], y: [0.5] };
  const gap = {
    name: "gap",
    z: [
      [1, -2.123456],
      [null, 0],
    ],
  };
  const text = summarize([one, { name: "none", x: [], y: [] }, gap], {});
  assert.equal(
    text,
    "Figure\n  one: 1 point, x from 10 to 10, y from 0.5 to 0.5\n  none: 0 points\n  gap: 2 × 2 values, from -2.123 to 1",
  );
});

test("unknown entities are kept, even those named like properties of every object", () => {
  assert.equal(plainText("&constructor; &lt; &__proto__;"), "&constructor; < &__proto__;");
});

test("summarizes a heat map of 300,000 rows", () => {
  const z = Array.from({ length: 300_000 }, (_, i) => [i]);
  assert.equal(summarize([{ name: "map", z }], {}), "Figure\n  map: 300000 × 1 values, from 0 to 299999");
});
