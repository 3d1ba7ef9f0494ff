import assert from "node:assert/strict";
import { test } from "node:test";
import { TorchGenerator } from "../random/torch";
import { withinBetween } from "./within-between";

const distance = (places: number[]) => (i: number, j: number) => Math.abs(places[i]! - places[j]!);

test("classes that lie apart have nearer pairs within, as often by chance as there are such dealings", () => {
  const places = [0, 1, 2, 10, 11, 12];
  const { within, between, p } = withinBetween(
    distance(places),
    ["a", "a", "a", "b", "b", "b"],
    new TorchGenerator(0),
  );
  assert.ok(Math.abs(within - 4 / 3) < 1e-12);
  assert.ok(Math.abs(between - 10) < 1e-12);
  // Of the 20 ways to deal three of six, two are these very classes: p is about 0.1.
  assert.ok(Math.abs(p - 0.1) < 0.03, `${p}`);
});

test("classes that mean nothing are found out", () => {
  const generator = new TorchGenerator(3);
  const places = [...generator.rand([40])];
  const { p } = withinBetween(
    distance(places),
    places.map((_, i) => i % 4),
    generator,
  );
  assert.ok(p > 0.05, `${p}`);
});

test("classes of one item each, or one class of all, are refused", () => {
  const generator = new TorchGenerator(0);
  assert.throws(
    () => withinBetween(() => 1, ["a", "b"], generator),
    /within and between classes, got \[a, b\]/,
  );
  assert.throws(() => withinBetween(() => 1, ["a", "a"], generator), /got \[a, a\]/);
});
