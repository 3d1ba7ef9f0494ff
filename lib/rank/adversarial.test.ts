import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "ml-matrix";
import { backend } from "../backend/backend";
import { tf } from "../backend/tf";
import { RandomState } from "../random/numpy";
import { matrixRank } from "./matrix-rank";
import { spectralNorm } from "./spectral-norm";
import { normal, orthonormal, planted, tensorOf } from "./testing/matrices";

/** The running backend, and the cpu backend without TensorFlow. */
const engines = [...new Set([backend().name, "cpu"])];
const on = (engine: string, work: () => void) => async () => {
  await tf.setBackend(engine);
  work();
};

const random = new RandomState(17);
const uniform = (low: number, high: number) => low + (high - low) * random.rand(1)[0]!;

/** Asserts the documented errors for float64 and float32. */
function assertNorm(a: Matrix, expected: number, what: string): void {
  const tensor = tensorOf(a);
  for (const [operand, tolerance] of [
    [a, 1e-9],
    [tensor, 1e-5],
  ] as const) {
    const error = Math.abs(spectralNorm(operand) / expected - 1);
    assert.ok(error <= tolerance, `${what}: ${spectralNorm(operand)}, expected ${expected}`);
  }
  tensor.dispose();
}

const list = (length: number, value: (i: number) => number) => Array.from({ length }, (_, i) => value(i));

const spectra: Record<string, (i: number) => number> = {
  flat: () => uniform(1 - 1e-6, 1),
  clustered: (i) => [1, 0.8, 0.5][i % 3]! * uniform(1 - 1e-8, 1),
  "two levels": (i) => (i === 0 ? 1 : 1 - 3e-5),
  "two levels and zeros": (i) => (i === 0 ? 1 : i < 40 ? 1 - 1e-4 : 0),
  graded: (i) => 10 ** (-i / 8),
};

for (const engine of engines) {
  test(
    `${engine}: spectral norms agree with NumPy even if the Lanczos vectors soon lose orthogonality`,
    on(engine, () => {
      const noise = Matrix.mul(normal(100, 100, 0), 1e-6 / 10);
      // numpy.linalg.norm(numpy.eye(100) + 1e-6 * numpy.random.RandomState(0).randn(100, 100) / 10, 2)
      assertNorm(Matrix.add(Matrix.eye(100), noise), 1.0000013455354015, "identity and noise");
      // numpy.linalg.norm(numpy.random.RandomState(seed).randn(*shape), 2)
      assertNorm(normal(600, 100, 0), 33.99976494853305, "600 × 100");
      assertNorm(normal(600, 100, 1).transpose(), 34.449331571110804, "100 × 600");
      if (engine === "cpu") return;
      assertNorm(normal(2000, 300, 0), 61.67398486695229, "2000 × 300");
      assertNorm(normal(784, 256, 7), 43.50891356825608, "784 × 256");
    }),
  );

  test(
    `${engine}: spectral norms of planted spectra are within the documented error, tall, wide and square`,
    on(engine, () => {
      for (const [name, value] of Object.entries(spectra)) {
        for (const [m, n] of [
          [300, 70],
          [70, 160],
          [80, 80],
        ] as const) {
          const values = list(Math.min(m, n), value);
          assertNorm(planted(m, n, values), Math.max(...values), `${name}, ${m} × ${n}`);
        }
      }
      for (const noise of [1e-12, 1e-7, 1e-3]) {
        const a = Matrix.add(orthonormal(120, 90), Matrix.mul(normal(120, 90), noise / 20));
        const error = Math.abs(spectralNorm(a) - 1);
        assert.ok(error <= 2 * noise + 1e-9, `orthogonal and ${noise} of noise: ${error} off`);
      }
    }),
  );

  test(
    `${engine}: ranks are exact for singular values 1 % below and above the tolerance`,
    on(engine, () => {
      const shapes: [number, number][] = [
        [200, 70],
        [70, 200],
        [80, 80],
      ];
      for (const rtol of [0.01, 0.001]) {
        for (const shape of shapes) {
          for (let trial = 0; trial < 6; trial++) {
            const size = Math.min(...shape);
            const [above, below] = [trial, 5 - trial];
            const values = [
              1,
              ...list(size - 1 - above - below, () => uniform(0.95, 1)),
              ...list(above, () => rtol * uniform(1.01, 1.04)),
              ...list(below, () => rtol * uniform(0.95, 0.99)),
            ];
            const a = planted(...shape, values);
            const tensor = tensorOf(a);
            for (const operand of [a, tensor]) {
              const what = `${shape}, rtol ${rtol}, ${above} above and ${below} below`;
              assert.equal(matrixRank(operand, { rtol }), size - below, what);
              assert.equal(matrixRank(operand, { atol: rtol }), size - below, what);
            }
            tensor.dispose();
          }
        }
      }
    }),
  );

  test(
    `${engine}: counts four singular values just above the tolerance next to 66 large ones`,
    on(engine, () => {
      for (const rtol of [0.01, 0.001]) {
        const values = [1, ...list(65, () => uniform(0.95, 1)), ...list(4, () => rtol * uniform(1.01, 1.04))];
        assert.equal(matrixRank(planted(3000, 70, values), { rtol }), 70);
      }
    }),
  );

  test(
    `${engine}: tolerances too small to be squared are resolved to float64 rounding, also for tensors`,
    on(engine, () => {
      const values = [...list(50, (i) => 1 - i / 100), ...list(20, (i) => 10 ** (-8 - i / 4))];
      const a = Matrix.diag(values);
      for (const tolerance of [1.1e-8, 1.1e-9, 1.1e-11, 1.1e-12]) {
        const expected = values.filter((value) => value > tolerance).length;
        for (const operand of [a, tensorOf(a)]) {
          assert.equal(matrixRank(operand, { atol: tolerance }), expected, `atol ${tolerance}`);
          assert.equal(matrixRank(operand, { rtol: tolerance }), expected, `rtol ${tolerance}`);
        }
      }
    }),
  );
}

test("ranks of 120 random matrices are those of their planted spectra", async () => {
  await tf.setBackend(backend().name);
  for (let trial = 0; trial < 120; trial++) {
    const [m, n] = [64 + (trial % 50), 64 + ((7 * trial) % 60)];
    const size = Math.min(m, n);
    const tolerance = 10 ** uniform(-5, -0.5);
    const rank = 1 + (trial % size);
    const values = [
      1,
      ...list(rank - 1, () => Math.min(1, tolerance * (1 + 10 ** uniform(-4, 1)))),
      ...list(size - rank, () => tolerance * (1 - 10 ** uniform(-4, 0))),
    ];
    const a = planted(m, n, values);
    assert.equal(matrixRank(a, { rtol: tolerance }), rank, `trial ${trial}, rtol ${tolerance}`);
    assert.equal(matrixRank(a, { atol: tolerance }), rank, `trial ${trial}, atol ${tolerance}`);
  }
});
