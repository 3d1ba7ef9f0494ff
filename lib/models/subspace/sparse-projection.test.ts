import assert from "node:assert/strict";
import { test } from "node:test";
import { onlyNative } from "../../backend/testing/only-native";
import { RandomState } from "../../random/numpy";
import { SparseProjection } from "./sparse-projection";
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

const sparse = (size: number, dimension: number, seed = 1) =>
  new SparseProjection(size, dimension, new RandomState(seed));

/** The columns of P by the docstring's definition and draws. */
function definedColumns(size: number, dimension: number, random: RandomState): number[][] {
  const columns = Array.from({ length: dimension }, () => new Array<number>(size).fill(0));
  const next = () => random.rand()[0]!;
  const gap = () => Math.floor(Math.log(1 - next()) / Math.log(1 - 1 / Math.sqrt(size)));
  const sign = () => (next() < 0.5 ? -1 : 1);
  for (let at = gap(); at < size * dimension; at += 1 + gap()) {
    columns[at % dimension]![Math.floor(at / dimension)] = sign();
  }
  for (const column of columns) {
    if (!column.some(Boolean)) column[Math.floor(next() * size)] = sign();
  }
  return columns.map((column) => column.map((entry) => entry / Math.sqrt(column.filter(Boolean).length)));
}

for (const [size, dimension] of [
  [700, 5],
  [300, 100],
  [37, 37],
  [4, 4],
  [7, 2],
  [10, 1],
  [1, 1],
] as const) {
  test(`P [${size}, ${dimension}] follows its definition with the documented draws`, () => {
    assertColumns(sparse(size, dimension), definedColumns(size, dimension, new RandomState(1)));
  });

  test(`P [${size}, ${dimension}] multiplies ω linearly, and gradients by its transpose`, () => {
    assertLinear(sparse(size, dimension));
  });
}

test("every column, even one drawn empty, has length 1 and entries of one magnitude", () => {
  for (const [size, dimension] of [
    [2000, 50],
    [5, 5],
    [3, 3],
  ] as const) {
    for (let seed = 0; seed < 10; seed++) {
      for (const column of columnsOf(sparse(size, dimension, seed))) {
        assertClose([product(column, column)], [1], 1e-6);
        assert.equal(new Set(column.filter(Boolean).map(Math.abs)).size, 1);
      }
    }
  }
});

test("entries are nonzero with probability 1/√D everywhere, with both signs equally likely", () => {
  const [size, dimension] = [2500, 100];
  const columns = columnsOf(sparse(size, dimension));
  const share = 1 / 50;
  const assertShare = (count: number, entries: number, p: number) => {
    const off = Math.abs(count - p * entries) / Math.sqrt(entries * p * (1 - p));
    assert.ok(off < 5, `${count} of ${entries}: ${off} standard deviations off`);
  };
  const entries = columns.flatMap((column) => Array.from(column.filter(Boolean)));
  assertShare(entries.length, size * dimension, share);
  assertShare(entries.filter((entry) => entry > 0).length, entries.length, 0.5);
  for (const column of columns) assertShare(column.filter(Boolean).length, size, share);
  for (let start = 0; start < size; start += 50) {
    const rows = columns.flatMap((column) => Array.from(column.subarray(start, start + 50)));
    assertShare(rows.filter(Boolean).length, rows.length, share);
  }
});

test("products of two columns have mean 0 and variance 1/D", () => {
  const products = [1, 2, 3].flatMap((seed) => productsOf(columnsOf(sparse(2500, 60, seed))));
  const mean = products.reduce((a, b) => a + b) / products.length;
  const variance = products.reduce((sum, value) => sum + value ** 2, 0) / products.length;
  assert.ok(Math.abs(mean) < 5 / Math.sqrt(2500 * products.length), `${mean}`);
  assert.ok(Math.abs(variance * 2500 - 1) < 0.15, `${variance * 2500}`);
});

test("P depends only on the seed", () => {
  const [a, b, c] = [7, 7, 8].map((seed) => columnsOf(sparse(50, 6, seed)));
  assert.deepEqual(a, b);
  assert.notDeepEqual(a, c);
});

test("compiled steps equal eager steps", {
  skip: onlyNative("the other backends compile no steps"),
}, (t) => {
  assertCompiles(sparse(300, 20), t.mock.method(console, "warn").mock);
});

test("constructing and projecting leak no tensor, and dispose frees P", () => {
  assertFreed(() => sparse(100, 50), 4);
});

test("rejects invalid dimensions before drawing any number", () => {
  const random = new RandomState(5);
  for (const dimension of [0, -1, 1.5, 701, Number.NaN]) {
    assert.throws(() => new SparseProjection(700, dimension, random), {
      name: "RangeError",
      message: `the dimension of ω is ${dimension}, expected an integer from 1 to 700`,
    });
  }
  assert.deepEqual(random.randn(3), new RandomState(5).randn(3));
});
