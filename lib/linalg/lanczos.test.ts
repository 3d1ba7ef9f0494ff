import assert from "node:assert/strict";
import { test } from "node:test";
import { RandomState } from "../random/numpy";
import { largestEigenvalue, tridiagonalization } from "./lanczos";
import { dot } from "./vectors";

// The starting vector has no preferred direction, so a diagonal matrix represents all matrices with its eigenvalues.
const times = (eigenvalues: Float64Array) => (v: Float64Array) =>
  v.map((value, i) => eigenvalues[i]! * value);
const spread = (n: number, value: (i: number) => number) =>
  Float64Array.from({ length: n }, (_, i) => value(i));
const random = new RandomState(5);
const normals = random.randn(10_000);
const normal = (i: number) => normals[i % normals.length]!;

const n = 150;
const spectra: Record<string, Float64Array> = {
  flat: spread(n, (i) => 1 + 1e-6 * normal(i)),
  "flat to rounding": spread(n, (i) => 1 + 1e-15 * normal(i)),
  "of the identity": spread(n, () => 1),
  "in three clusters": spread(n, (i) => [1, 0.7, 0.3][i % 3]! * (1 + 1e-9 * normal(i))),
  "of two levels": spread(n, (i) => (i === 40 ? 1 : 1 - 1e-4)),
  "of two levels far apart": spread(n, (i) => (i < 75 ? 1 - 1e-3 * i : 1e-8)),
  graded: spread(n, (i) => 10 ** (-i / 10)),
  "of rank three": spread(n, (i) => (i < 3 ? 1 - 0.1 * i : 0)),
  "of a tall normal matrix": spread(n, (i) => 1 + 0.5 * Math.cos((Math.PI * i) / n)),
};

for (const [name, eigenvalues] of Object.entries(spectra)) {
  for (const [kind, rounding] of [
    ["float64", (x: number) => x],
    ["float32", Math.fround],
  ] as const) {
    test(`with ${kind} products, vectors stay orthonormal up to rounding for a spectrum ${name}`, () => {
      const product = (v: Float64Array) => times(eigenvalues)(v).map(rounding);
      let found: Float64Array[] = [];
      for (const { basis, matrix } of tridiagonalization(product, n)) {
        found = basis;
        if (matrix.diagonal.length === 80) break;
      }
      for (const [i, x] of found.entries()) {
        for (const [j, y] of found.slice(0, i + 1).entries()) {
          const deviation = Math.abs(dot(x, y) - Number(i === j));
          assert.ok(deviation < 1e-13, `${found.length} vectors, ${i} times ${j}: ${deviation} off`);
        }
      }
    });
  }

  test(`the bracket contains the largest eigenvalue of a spectrum ${name}`, () => {
    const largest = Math.max(...eigenvalues);
    for (const width of [0.4, 1e-5, 1e-9]) {
      const { low, high, vector } = largestEigenvalue(times(eigenvalues), n, width)!;
      assert.ok(low <= largest * (1 + 1e-14) && largest <= high, `${low} to ${high}, expected ${largest}`);
      assert.ok(high <= low * (1 + width));
      const quotient = dot(vector, times(eigenvalues)(vector));
      assert.ok(Math.abs(dot(vector, vector) - 1) < 1e-14 && Math.abs(quotient / low - 1) < 1e-12);
    }
  });
}

test("the bracket contains the largest eigenvalue even if the starting vector is almost orthogonal to its vector", () => {
  for (const gap of [1e-4, 3e-5, 2e-8]) {
    for (const width of [1e-5, 1e-9]) {
      for (let top = 0; top < n; top++) {
        const { low, high } = largestEigenvalue(
          times(spread(n, (i) => (i === top ? 1 : 1 - gap))),
          n,
          width,
        )!;
        assert.ok(low <= 1 + 1e-14 && 1 <= high, `gap ${gap}, width ${width}, ${top}: ${low} to ${high}`);
      }
    }
  }
});

test("the brackets of 400 random spectra contain their largest eigenvalues", () => {
  for (let trial = 0; trial < 400; trial++) {
    const size = 64 + (trial % 97);
    const decades = (trial % 13) * Math.abs(normal(trial));
    const eigenvalues = spread(size, (i) => 10 ** (-decades * Math.abs(normal(31 * trial + i))));
    const largest = Math.max(...eigenvalues);
    const width = [0.4, 1e-5, 1e-9][trial % 3]!;
    const { low, high } = largestEigenvalue(times(eigenvalues), size, width)!;
    assert.ok(low <= largest * (1 + 1e-14) && largest <= high, `trial ${trial}: ${low} to ${high}`);
  }
});

test("returns no bracket if 200 steps do not suffice, and a zero bracket for a zero matrix", () => {
  const dense = spread(5000, (i) => i / 5000);
  assert.equal(largestEigenvalue(times(dense), dense.length, 1e-9), undefined);
  const { low, high } = largestEigenvalue(times(new Float64Array(n)), n, 1e-9)!;
  assert.deepEqual([low, high], [0, 0]);
});
