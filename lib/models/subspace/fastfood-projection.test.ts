import assert from "node:assert/strict";
import { test } from "node:test";
import { backend } from "../../backend/backend";
import { onlyNative } from "../../backend/testing/only-native";
import { tf } from "../../backend/tf";
import { hadamardEntry } from "../../initializers/hadamard";
import { RandomState } from "../../random/numpy";
import { FastfoodProjection } from "./fastfood-projection";
import {
  assertClose,
  assertColumns,
  assertCompiles,
  assertFreed,
  assertLinear,
  columnsOf,
  product,
  productsOf,
} from "./testing/projection-checks";

const fastfood = (size: number, dimension: number, seed = 1) =>
  new FastfoodProjection(size, dimension, new RandomState(seed));

/** Sizes and dimensions that are, and that are not, powers of two and multiples of them. */
const shapes = [
  [700, 5],
  [256, 16],
  [300, 100],
  [37, 37],
  [64, 64],
  [7, 2],
  [10, 1],
  [1, 1],
] as const;

/** The columns of P by the docstring's definition and draws, entry by entry. */
function definedColumns(size: number, dimension: number, random: RandomState): number[][] {
  let m = 1;
  while (m < dimension) m *= 2;
  const indices = Array.from({ length: m }, (_, i) => i);
  const permutation = [...indices];
  for (let last = m - 1; last > 0; last--) {
    const other = Math.floor(random.rand()[0]! * (last + 1));
    const moved = permutation[last]!;
    permutation[last] = permutation[other]!;
    permutation[other] = moved;
  }
  const blocks = Array.from({ length: Math.ceil(size / m) }, () => ({
    B: random.rand(m),
    G: random.randn(m),
  }));
  return indices.slice(0, dimension).map((column) =>
    Array.from({ length: size }, (_, at) => {
      const { B, G } = blocks[at % blocks.length]!;
      const row = Math.floor(at / blocks.length);
      const sign = B[column]! < 0.5 ? -1 : 1;
      const sum = indices.reduce(
        (s, i) => s + hadamardEntry(row, i) * G[i]! * hadamardEntry(permutation[i]!, column) * sign,
        0,
      );
      return sum / (Math.sqrt(size) * Math.hypot(...G));
    }),
  );
}

for (const [size, dimension] of shapes) {
  test(`P [${size}, ${dimension}] follows its definition with the documented draws`, () => {
    assertColumns(fastfood(size, dimension), definedColumns(size, dimension, new RandomState(1)));
  });

  test(`P [${size}, ${dimension}] multiplies ω linearly, and gradients by its transpose`, () => {
    assertLinear(fastfood(size, dimension));
  });
}

test("columns have length exactly 1 if the block size divides D", () => {
  for (const [size, dimension] of [
    [256, 16],
    [256, 9],
    [64, 64],
    [1024, 1],
  ] as const) {
    for (const column of columnsOf(fastfood(size, dimension))) {
      assertClose([product(column, column)], [1], 1e-5);
    }
  }
});

test("the mean square length of columns is 1 if the block size does not divide D", () => {
  const squares = Array.from({ length: 40 }, (_, seed) =>
    columnsOf(fastfood(100, 40, seed)).map((column) => product(column, column)),
  ).flat();
  const mean = squares.reduce((a, b) => a + b) / squares.length;
  const deviation = Math.sqrt(
    squares.reduce((sum, square) => sum + (square - mean) ** 2, 0) / squares.length,
  );
  assert.ok(Math.abs(mean - 1) < 0.01, `${mean}`);
  assert.ok(deviation > 0.01 && deviation < 0.2, `${deviation}`);
});

test("products of two columns have mean 0 and variance 2m / ((m + 2)·D)", () => {
  for (const [size, dimension] of [
    [2048, 64],
    [2000, 50],
  ] as const) {
    const products = [1, 2, 3].flatMap((seed) => productsOf(columnsOf(fastfood(size, dimension, seed))));
    const mean = products.reduce((a, b) => a + b) / products.length;
    const variance = products.reduce((sum, value) => sum + value ** 2, 0) / products.length;
    const expected = (2 * 64) / (66 * size);
    assert.ok(Math.abs(mean) < 5 * Math.sqrt(expected / products.length), `${mean}`);
    assert.ok(Math.abs(variance / expected - 1) < 0.25, `${variance} is not ${expected}`);
  }
});

test("lengths are preserved at the original's size, which no block size divides", {
  skip: backend().name === "cpu" && "too large for JavaScript",
}, () => {
  const projection = fastfood(199210, 750);
  for (const seed of [3, 4, 5]) {
    const omega = new RandomState(seed).randn(750);
    const theta = projection.project(tf.tensor1d(Float32Array.from(omega))).dataSync();
    assertClose([Math.sqrt(product(theta, theta) / product(omega, omega))], [1], 0.02);
  }
  projection.dispose();
});

test("P depends only on the seed", () => {
  const [a, b, c] = [7, 7, 8].map((seed) => columnsOf(fastfood(50, 6, seed)));
  assert.deepEqual(a, b);
  assert.notDeepEqual(a, c);
});

test("compiled steps equal eager steps", {
  skip: onlyNative("the other backends compile no steps"),
}, (t) => {
  const warn = t.mock.method(console, "warn").mock;
  assertCompiles(fastfood(300, 20), warn);
  assertCompiles(fastfood(300, 100), warn);
});

test("constructing and projecting leak no tensor, and dispose frees P", () => {
  assertFreed(() => fastfood(100, 50), 4 + 2);
});

test("rejects invalid dimensions before drawing any number", () => {
  const random = new RandomState(5);
  for (const dimension of [0, -1, 1.5, 701, Number.NaN]) {
    assert.throws(() => new FastfoodProjection(700, dimension, random), {
      name: "RangeError",
      message: `the dimension of ω is ${dimension}, expected an integer from 1 to 700`,
    });
  }
  assert.deepEqual(random.randn(3), new RandomState(5).randn(3));
});
