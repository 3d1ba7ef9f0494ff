import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { tf } from "../backend/tf";
import type { Operand } from "../linalg/operand";
import { effectiveRank } from "./effective-rank";
import { energyRank } from "./energy-rank";
import fixture from "./fixtures/metrics.json";
import { matrixRank } from "./matrix-rank";
import { normalizedRank } from "./normalized-rank";
import { nuclearRank } from "./nuclear-rank";
import { participationRatio } from "./participation-ratio";
import { singularValues } from "./singular-values";
import { spectralNorm } from "./spectral-norm";
import { type Spectrum, spectrum } from "./spectrum";
import { stableRank } from "./stable-rank";
import { kinds, normal, orthonormal, planted, tensorOf } from "./testing/matrices";

type Metric = (a: Operand | Spectrum) => number;
const smooth: Record<string, Metric> = { stableRank, nuclearRank, effectiveRank, participationRatio };
const metrics: Record<string, Metric> = {
  ...smooth,
  energyRank: (a) => energyRank(a, 0.9),
  normalizedRank: (a) => normalizedRank(a),
};

function assertNear(actual: number, expected: number, tolerance: number, what: string): void {
  const error = Math.abs(actual - expected) / Math.max(Math.abs(expected), 1e-300);
  assert.ok(actual === expected || error <= tolerance, `${what}: ${actual} is not ${expected}`);
}

interface Reference {
  rank: number;
  nuclear: number;
  frobenius: number;
  spectral: number;
  values: number[];
  entropy?: number;
  participation?: number;
  energy90?: number;
  energy99?: number;
  normalized?: number;
}

for (const dtype of ["float64", "float32"] as const) {
  const tolerance = dtype === "float64" ? 1e-12 : 1e-5;
  test(`every metric agrees with NumPy and PyTorch on matrices of ${dtype}`, () => {
    assert.ok(fixture.matrices.length >= 20);
    for (const { kind, shape, ...of } of fixture.matrices) {
      const [m, n] = shape as [number, number];
      const reference: Reference = of[dtype];
      const matrix = kinds[kind]!(m, n);
      const s = spectrum(dtype === "float64" ? matrix : tensorOf(matrix));
      const what = `${kind} [${m}, ${n}]`;
      assert.equal(s.dtype, dtype);
      assert.deepEqual(s.shape, [matrix.rows, matrix.columns]);
      assert.equal(matrixRank(s), reference.rank, what);
      assertNear(spectralNorm(s), reference.spectral, tolerance, what);
      for (const [i, value] of reference.values.entries()) {
        const error = Math.abs(s.values[i]! - value);
        assert.ok(
          error <= tolerance * reference.spectral,
          `${what}, σ${i + 1}: ${s.values[i]} is not ${value}`,
        );
      }
      if (reference.entropy === undefined) continue;
      assertNear(nuclearRank(s), reference.nuclear / reference.spectral, tolerance, what);
      assertNear(stableRank(s), (reference.frobenius / reference.spectral) ** 2, tolerance, what);
      assertNear(effectiveRank(s), Math.exp(reference.entropy), 10 * tolerance, what);
      assertNear(participationRatio(s), reference.participation!, tolerance, what);
      assert.equal(energyRank(s, 0.9), reference.energy90, what);
      assert.equal(energyRank(s, 0.99), reference.energy99, what);
      assert.equal(normalizedRank(s), reference.normalized, what);
    }
  });
}

test("the metrics of a planted spectrum follow their formulas, for a matrix, a tensor and a spectrum", () => {
  const a = planted(30, 12, [4, 2, 2, 1]);
  const p = [4 / 9, 2 / 9, 2 / 9, 1 / 9];
  const expected: [Metric, number][] = [
    [stableRank, 25 / 16],
    [nuclearRank, 9 / 4],
    [effectiveRank, p.reduce((product, q) => product * q ** -q, 1)],
    [participationRatio, 25 ** 2 / (256 + 16 + 16 + 1)],
    [spectralNorm, 4],
    [(x) => energyRank(x, 0.6), 1],
    [(x) => energyRank(x, 0.7), 2],
    [(x) => energyRank(x, 0.9), 3],
    [(x) => energyRank(x, 0.97), 4],
    [(x) => normalizedRank(x, { tol: 0.3 }), 3],
    [(x) => normalizedRank(x, { tol: 0.1 }), 4],
  ];
  for (const [metric, value] of expected) {
    for (const x of [a, a.transpose(), spectrum(a)]) assertNear(metric(x), value, 1e-12, "float64");
    assertNear(metric(tensorOf(a)), value, 1e-5, "float32");
  }
});

test("normalizedRank separates singular values 0.1 % above and below tol · ‖a‖_F", () => {
  const tol = 1e-3;
  const [above, below] = [tol * 1.001, tol * 0.999];
  const first = Math.sqrt(1 - above ** 2 - 2 * below ** 2);
  assert.equal(normalizedRank(planted(20, 10, [first, above, below, below]), { tol }), 2);
});

test("the metrics are k for k equal singular values, 1 for a single row or column, and 0 for a zero matrix", () => {
  for (const [name, metric] of Object.entries(smooth)) {
    assertNear(metric(orthonormal(20, 7)), 7, 1e-12, name);
    assertNear(metric(tensorOf(normal(1, 9))), 1, 1e-12, name);
    assertNear(metric(normal(9, 1)), 1, 1e-12, name);
    assert.equal(metric(new Matrix(3, 4)), 0, name);
  }
  for (const metric of [...Object.values(metrics), spectralNorm]) {
    assert.equal(metric(tf.zeros([3, 4])), 0);
  }
});

test("energyRank counts a fraction that is reached exactly", () => {
  const a = Matrix.diag([4, 2, 2, 1]);
  assert.deepEqual(
    [16 / 25, 20 / 25, 24 / 25, 1].map((fraction) => energyRank(a, fraction)),
    [1, 2, 3, 4],
  );
});

test("energyRank at fraction 1 counts the singular values that change the sum", () => {
  assert.equal(energyRank(Matrix.diag([1, 1e-7, 1e-12]), 1), 2);
});

const anyMatrix = fc
  .record({ m: fc.integer({ min: 1, max: 9 }), n: fc.integer({ min: 1, max: 9 }), seed: fc.nat(1e6) })
  .map(({ m, n, seed }) => normal(m, n, seed));

test("1 ≤ stable ≤ participation ≤ rank and stable ≤ nuclear ≤ effective ≤ rank", () => {
  fc.assert(
    fc.property(anyMatrix, (a) => {
      const s = spectrum(a);
      const rank = matrixRank(s);
      const slack = (x: number) => x * (1 + 1e-12);
      for (const chain of [
        [1, stableRank(s), participationRatio(s), rank],
        [1, stableRank(s), nuclearRank(s), effectiveRank(s), rank],
      ]) {
        for (let i = 1; i < chain.length; i++) {
          assert.ok(chain[i - 1]! <= slack(chain[i]!), chain.join(" ≤ "));
        }
      }
      assert.ok(energyRank(s, 0.5) <= energyRank(s, 0.9) && energyRank(s, 1) <= rank);
    }),
    { numRuns: 60 },
  );
});

test("metrics are invariant under scaling, and the spectral norm is proportional to the scale", () => {
  const a = normal(8, 5);
  for (const scale of [-3, 1e-150, 1e150]) {
    const scaled = Matrix.mul(a, scale);
    for (const [name, metric] of Object.entries(metrics)) assertNear(metric(scaled), metric(a), 1e-11, name);
    assert.equal(matrixRank(scaled), 5);
    assertNear(spectralNorm(scaled), Math.abs(scale) * spectralNorm(a), 1e-12, "spectralNorm");
  }
});

test("metrics are invariant under orthogonal maps and transposition", () => {
  const a = normal(8, 5);
  const turned = orthonormal(8, 8).mmul(a).mmul(orthonormal(5, 5));
  for (const [name, metric] of Object.entries({ ...metrics, spectralNorm })) {
    assertNear(metric(turned), metric(a), 1e-11, name);
    assertNear(metric(a.transpose()), metric(a), 1e-11, name);
  }
});

test("the spectral norm and the rank of a product satisfy their bounds", () => {
  fc.assert(
    fc.property(fc.nat(1e6), fc.integer({ min: 1, max: 6 }), (seed, inner) => {
      const [a, b] = [normal(7, inner, seed), normal(inner, 8, seed + 1)];
      const product = a.mmul(b);
      assert.ok(spectralNorm(product) <= spectralNorm(a) * spectralNorm(b) * (1 + 1e-12));
      assert.ok(matrixRank(product) <= Math.min(matrixRank(a), matrixRank(b)));
    }),
    { numRuns: 30 },
  );
});

test("the smooth metrics of a Kronecker product are the products of the metrics", () => {
  const [a, b] = [normal(4, 3), normal(3, 5)];
  const product = a.kroneckerProduct(b);
  for (const [name, metric] of Object.entries(smooth)) {
    assertNear(metric(product), metric(a) * metric(b), 1e-11, name);
  }
});

test("spectrum holds the values of singularValues with the matrix's shape and type", () => {
  const a = normal(4, 6);
  assert.deepEqual(spectrum(a).values, singularValues(a));
  const tensor = spectrum(tensorOf(a));
  assert.deepEqual([tensor.shape, tensor.dtype, tensor.values.length], [[4, 6], "float32", 4]);
});

test("every metric rejects NaN, infinity and an empty matrix, and the error names the metric", () => {
  const named = { ...metrics, spectralNorm, spectrum: (a: Operand) => spectrum(a).values.length };
  for (const [name, metric] of Object.entries(named) as [string, (a: Operand) => number][]) {
    assert.throws(() => metric(new Matrix([[1, Number.NaN]])), {
      name: "RangeError",
      message: `${name}: expected finite numbers, got NaN at [0, 1]`,
    });
    assert.throws(
      () => metric(tf.tensor2d([[1], [Number.POSITIVE_INFINITY]])),
      new RegExp(`^RangeError: ${name}: expected finite numbers, got Infinity at \\[1, 0\\]`),
    );
    assert.throws(() => metric(tf.zeros([0, 3])), new RegExp(`${name}: .*got an empty one, \\[0, 3\\]`));
    assert.throws(() => metric(tf.zeros([3])), new RegExp(`TypeError: ${name}: .*float32 tensor \\[3\\]`));
  }
});

test("energyRank rejects fractions outside (0, 1], and normalizedRank a negative tolerance", () => {
  for (const fraction of [0, -0.1, 1.001, Number.NaN]) {
    assert.throws(
      () => energyRank(Matrix.eye(2), fraction),
      /energyRank: fraction is .*, expected a number in \(0, 1\]/,
    );
  }
  for (const tol of [-1e-3, Number.NaN]) {
    assert.throws(
      () => normalizedRank(Matrix.eye(2), { tol }),
      /normalizedRank: tol is .*, expected a number in \[0/,
    );
  }
});
