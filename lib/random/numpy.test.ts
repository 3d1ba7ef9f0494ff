import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fixture from "./fixtures/numpy.json";
import { RandomState } from "./numpy";

for (const [seed, { randn10, rand5 }] of Object.entries(fixture.streams)) {
  test(`RandomState(${seed}) starts with NumPy's normals and uniforms, bit for bit`, () => {
    assert.deepEqual(Array.from(new RandomState(Number(seed)).randn(10)), randn10);
    assert.deepEqual(Array.from(new RandomState(Number(seed)).rand(5)), rand5);
  });
}

test("RandomState.rand agrees with NumPy bit for bit over 100,000 numbers", () => {
  const { buffer } = new RandomState(0).rand(100, 1000);
  assert.equal(createHash("sha256").update(new Uint8Array(buffer)).digest("hex"), fixture.randSha256);
});

test("RandomState.randn agrees with NumPy to the last bits after 100,000 numbers", () => {
  const far = new RandomState(0).randn(100_000).slice(-10);
  for (const [i, expected] of fixture.far.entries()) {
    assert.ok(Math.abs(far[i]! / expected - 1) <= 4.5e-16, `${far[i]} is not ${expected}`);
  }
});

test("RandomState keeps the second normal of a pair while uniforms are drawn, as NumPy does", () => {
  const random = new RandomState(7);
  const drawn = [random.rand(3), random.randn(3), random.rand(2), random.randn(2)];
  assert.deepEqual(
    drawn.map((numbers) => Array.from(numbers)),
    fixture.mixed,
  );
});

test("RandomState draws the same numbers in one call as in two", () => {
  const [once, twice] = [new RandomState(3), new RandomState(3)];
  assert.deepEqual([...once.randn(7)], [...twice.randn(3), ...twice.randn(2, 2)]);
});

test("RandomState rejects a shape that is not of integers ≥ 0", () => {
  assert.throws(() => new RandomState(0).randn(3, 1.5), /shape is \[3, 1\.5\], expected integers ≥ 0/);
  assert.throws(() => new RandomState(0).rand(-1), /shape is \[-1\], expected integers ≥ 0/);
});
