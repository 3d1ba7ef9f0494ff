import assert from "node:assert/strict";
import { test } from "node:test";
import { TorchGenerator } from "../random/torch";
import * as scipy from "./fixtures/scipy.json";
import { permutationTest } from "./permutation-test";

const distance = (places: number[]) => (i: number, j: number) => Math.abs(places[i]! - places[j]!);
const compare = (places: number[], classes: (string | number)[], permutations?: number) =>
  permutationTest(distance(places), classes, new TorchGenerator(0), permutations);

test("computes the mean distances within and between separated classes", () => {
  const { within, between } = compare([0, 1, 2, 10, 11, 12], ["a", "a", "a", "b", "b", "b"]);
  assert.ok(Math.abs(within - 4 / 3) < 1e-12);
  assert.ok(Math.abs(between - 10) < 1e-12);
});

test("p is the fraction of assignments with a difference at least as large, including ties", () => {
  // The references enumerate all assignments. Distances in tenths tie like those of integers, up to rounding.
  const permutations = 4000;
  for (const { places, classes, p } of scipy.permutation) {
    const tenths = compare(
      places.map((place) => place / 10),
      classes,
      permutations,
    );
    assert.ok(
      Math.abs(tenths.p - p) <= 4 * Math.sqrt((p * (1 - p)) / permutations) + 1e-3,
      `${tenths.p}, ${p}`,
    );
  }
});

test("p is invariant under scaling the quantity and adding a constant to it", () => {
  for (const { places, classes } of scipy.permutation) {
    const of = (scale: number, offset: number) =>
      permutationTest(
        (i, j) => offset + scale * Math.abs(places[i]! - places[j]!),
        classes,
        new TorchGenerator(1),
        300,
      ).p;
    const expected = of(1, 0);
    for (const scale of [0.1, 1 / 3, 1e-9, 1e300, 1e-300]) assert.equal(of(scale, 0), expected, `${scale}`);
    assert.equal(of(0.1, 1000), expected);
  }
});

test("p is 1 if all assignments give the same difference", () => {
  for (const value of [0, 0.1, 1e308]) {
    const { within, between, p } = permutationTest(() => value, ["a", "a", "b", "b"], new TorchGenerator(0));
    assert.deepEqual({ within, between, p }, { within: value, between: value, p: 1 });
  }
});

test("p is never 0", () => {
  const places = Array.from({ length: 40 }, (_, i) => i % 2);
  const { p } = compare(places, places, 99);
  assert.equal(p, 1 / 100);
});

test("classes unrelated to the quantity are not significant", () => {
  const generator = new TorchGenerator(3);
  const places = [...generator.rand([40])];
  const { p } = permutationTest(
    distance(places),
    places.map((_, i) => i % 4),
    generator,
  );
  assert.ok(p > 0.05, `${p}`);
});

test("rejects classes without pairs within or between them", () => {
  assert.throws(() => compare([1, 2], ["a", "b"]), /within and between classes, got \[a, b\]/);
  assert.throws(() => compare([1, 2], ["a", "a"]), /got \[a, a\]/);
  assert.throws(() => compare([], []), /got \[\]/);
  assert.throws(() => compare([1], ["a"]), /got \[a\]/);
});

test("rejects a quantity that is not finite and a number of permutations that is not an integer ≥ 1", () => {
  assert.throws(
    () => compare([1, 2, Number.NaN], ["a", "a", "b"]),
    /finite quantity for items 2 and 0, got NaN/,
  );
  assert.throws(() => compare([1, Infinity, 3], ["a", "a", "b"]), /items 1 and 0, got Infinity/);
  for (const permutations of [0, -1, 1.5, Number.NaN, Infinity]) {
    assert.throws(
      () => compare([1, 2, 3], ["a", "a", "b"], permutations),
      /permutations is .*, expected an integer ≥ 1/,
    );
  }
});
