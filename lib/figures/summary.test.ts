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

test("a trace of one point and one without any are told as such, gaps left out of the range", () => {
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

test("an entity that Plotly does not know stays, also one named as what every object has", () => {
  assert.equal(plainText("&constructor; &lt; &__proto__;"), "&constructor; < &__proto__;");
});

test("a map of 300,000 rows is summarized", () => {
  const z = Array.from({ length: 300_000 }, (_, i) => [i]);
  assert.equal(summarize([{ name: "map", z }], {}), "Figure\n  map: 300000 × 1 values, from 0 to 299999");
});
