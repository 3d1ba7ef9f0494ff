import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { onlyNative } from "../backend/testing/only-native";
import { tf } from "../backend/tf";
import { fromMatrix, type Operand, scaledOf } from "../linalg/operand";
import { certifiedRank } from "./certified-rank";
import fixture from "./fixtures/ranks.json";
import { matrixRank } from "./matrix-rank";
import { float64SingularValues } from "./singular-values";
import { spectralNorm } from "./spectral-norm";
import { kinds, normal, planted, tensorOf } from "./testing/matrices";

const native = { skip: onlyNative("only TensorFlow counts without the spectrum") };

const certain = (a: Operand, tolerances: { atol: number; rtol: number }) =>
  certifiedRank(scaledOf(a, "test"), tolerances);

test("ranks and norms of matrices with 64 or more rows agree with NumPy in float32 and float64", () => {
  for (const { kind, shape, float32, float64 } of fixture.matrices) {
    const matrix = kinds[kind]!(shape[0]!, shape[1]!);
    for (const [a, reference, tolerance] of [
      [tensorOf(matrix), float32, 1e-6],
      [matrix, float64, 1e-12],
    ] as const) {
      const what = `${kind} [${shape.join(", ")}]`;
      assert.equal(matrixRank(a), reference.default, what);
      assert.equal(matrixRank(a, { atol: 1e-4 }), reference.atol, what);
      assert.equal(matrixRank(a, { rtol: 1e-3 }), reference.rtol, what);
      const error = Math.abs(spectralNorm(a) - reference.spectral);
      assert.ok(error <= tolerance * reference.spectral, `${what}: ${spectralNorm(a)}`);
    }
  }
});

test("certifies a count with singular values 0.1 % above and below the tolerance", native, () => {
  const atol = 1e-2;
  const a = planted(120, 90, [
    ...Array(30).fill(1),
    ...Array(9).fill(atol * 1.001),
    ...Array(20).fill(atol * 0.999),
  ]);
  for (const operand of [a, tensorOf(a), a.transpose(), tensorOf(a.transpose())]) {
    assert.equal(certain(operand, { atol, rtol: 0 }), 39);
    assert.equal(certain(operand, { atol: 0, rtol: atol }), 39);
  }
});

test("does not certify a count that rounding could change", native, () => {
  const at = (share: number) => planted(80, 80, [...Array(20).fill(1), 1e-4 * share]);
  const count = (a: Matrix) => certain(a, { atol: 1e-4, rtol: 0 });
  assert.equal(count(at(1.01)), 21);
  assert.equal(count(at(0.99)), 20);
  for (const share of [1 + 1e-9, 1 - 1e-9]) assert.equal(count(at(share)), undefined);
  // The squares of the small value and the tolerance are within the rounding of float64; the spectrum resolves them.
  const faint = planted(80, 80, [1, 1e-7]);
  assert.equal(certain(faint, { atol: 0, rtol: 1e-9 }), undefined);
  assert.equal(matrixRank(faint, { rtol: 1e-9 }), 2);
});

const anyMatrix = fc
  .record({
    m: fc.integer({ min: 64, max: 150 }),
    n: fc.integer({ min: 64, max: 150 }),
    inner: fc.integer({ min: 1, max: 150 }),
    decades: fc.integer({ min: 0, max: 8 }),
    kind: fc.constantFrom("plain", "rectified", "dead columns", "shifted", "large"),
    seed: fc.nat(1e6),
  })
  .map(({ m, n, inner, decades, kind, seed }) => {
    const right = normal(inner, n, seed);
    for (let i = 0; i < inner; i++) right.mulRow(i, 10 ** ((-decades * i) / inner));
    const a = normal(m, inner, seed + 1).mmul(right);
    if (kind === "rectified") return Matrix.max(a, new Matrix(m, n));
    if (kind === "shifted") return Matrix.add(a, 5);
    if (kind === "large") return Matrix.mul(a, 1e9);
    if (kind === "dead columns") for (let j = 0; j < n; j += 3) a.mulColumn(j, 0);
    return a;
  });

test("a certified count equals the count of the float64 spectrum", native, () => {
  let found = 0;
  fc.assert(
    fc.property(anyMatrix, fc.integer({ min: -6, max: -1 }), (a, exponent) => {
      const tensor = tensorOf(a);
      const rounded = new Matrix(tensor.arraySync());
      const values = float64SingularValues(fromMatrix(rounded));
      for (const rtol of [10 ** exponent, Math.max(a.rows, a.columns) * 2 ** -23]) {
        const expected = values.filter((value) => value > rtol * values[0]!).length;
        for (const operand of [tensor, rounded]) {
          const count = certain(operand, { atol: 0, rtol });
          if (count !== undefined) found++;
          assert.ok(count === undefined || count === expected, `${count} is not ${expected}`);
        }
      }
      tensor.dispose();
    }),
    { numRuns: 40 },
  );
  assert.ok(found > 100, `only ${found} of 160 counts were certified`);
});

test("counting leaks no tensor", native, () => {
  const a = tensorOf(planted(100, 80, [3, 2, 1]));
  const { memory } = tf;
  matrixRank(a);
  const before = [memory().numTensors, tf.engine().backend.numDataIds()];
  matrixRank(a);
  matrixRank(a, { atol: 1e-4 });
  spectralNorm(a);
  assert.deepEqual([memory().numTensors, tf.engine().backend.numDataIds()], before);
});

test("the spectral norm is accurate for equal, close and separated largest singular values", () => {
  const tail = Array.from({ length: 60 }, (_, i) => 0.9 ** i);
  for (const first of [[2, 2, 2], [2, 2 - 1e-9], [2], [1.01]]) {
    const a = planted(90, 70, [...first, ...tail.slice(0, 60)]);
    for (const [operand, tolerance] of [
      [a, 1e-9],
      [a.transpose(), 1e-9],
      [tensorOf(a), 1e-6],
    ] as const) {
      assert.ok(Math.abs(spectralNorm(operand) / first[0]! - 1) < tolerance, `${spectralNorm(operand)}`);
    }
  }
  assert.equal(spectralNorm(new Matrix(80, 90)), 0);
  assert.ok(Math.abs(spectralNorm(Matrix.eye(100)) - 1) < 1e-12);
});

test("the spectral norm is accurate for values whose squares overflow, and NaN throws", () => {
  const huge = tf.tidy(() => tensorOf(planted(70, 70, [2, 1])).mul(1e38)) as tf.Tensor2D;
  assert.ok(Math.abs(spectralNorm(huge) / 2e38 - 1) < 1e-5);
  const spoiled = normal(70, 80).set(3, 5, Number.NaN);
  for (const a of [spoiled, tensorOf(spoiled)]) {
    for (const metric of [spectralNorm, matrixRank]) {
      assert.throws(() => metric(a), /expected finite numbers, got NaN at \[3, 5\]/);
    }
  }
});
