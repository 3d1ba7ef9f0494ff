import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "ml-matrix";
import { tf } from "../backend/tf";
import { RandomState } from "../random/numpy";
import { convolutionSpectrum } from "./convolution-spectrum";
import fixture from "./fixtures/convolution.json";
import { matrixRank } from "./matrix-rank";
import { networkRank } from "./network-rank";
import { singularValues } from "./singular-values";
import { spectralNorm } from "./spectral-norm";

type Shape = [number, number, number, number];
type Size = [number, number];

const randomKernel = (shape: Shape, seed: number) =>
  tf.tensor4d(new Float32Array(new RandomState(seed).randn(...shape)), shape);

/** The convolution with circular padding as a dense matrix [O · H · W, I · H · W]. */
function denseOperator(kernel: tf.Tensor4D, [height, width]: Size): Matrix {
  const [outputs, inputs, h, w] = kernel.shape;
  const dense = new Matrix(outputs * height * width, inputs * height * width);
  const at = (channel: number, y: number, x: number) =>
    (channel * height + (y % height)) * width + (x % width);
  for (const [o, channels] of kernel.arraySync().entries()) {
    for (const [i, taps] of channels.entries()) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          for (let tap = 0; tap < h * w; tap++) {
            const [dy, dx] = [Math.floor(tap / w), tap % w];
            const [row, column] = [at(o, y, x), at(i, y + dy, x + dx)];
            dense.set(row, column, dense.get(row, column) + taps[dy]![dx]!);
          }
        }
      }
    }
  }
  return dense;
}

/** Asserts agreement up to float32 rounding of the largest singular value. */
function assertSpectrum(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i]! - expected[i]!);
    assert.ok(error <= 1e-7 * expected[0]!, `${i}: ${actual[i]} is not ${expected[i]}`);
  }
}

test("the operator's spectrum equals that of its dense matrix, for odd, even and unit image sides", () => {
  const cases: [Shape, Size][] = [
    [
      [3, 2, 3, 3],
      [5, 4],
    ],
    [
      [2, 3, 3, 3],
      [4, 4],
    ],
    [
      [2, 2, 2, 2],
      [1, 6],
    ],
    [
      [3, 3, 1, 1],
      [3, 3],
    ],
    // A kernel larger than the image wraps around it.
    [
      [2, 1, 5, 5],
      [3, 3],
    ],
  ];
  for (const [seed, [shape, size]] of cases.entries()) {
    const kernel = randomKernel(shape, seed);
    const { operator } = convolutionSpectrum(kernel, size);
    const dense = denseOperator(kernel, size);
    assertSpectrum(operator.values, singularValues(dense));
    assert.deepEqual([operator.shape, operator.dtype], [[dense.rows, dense.columns], "float32"]);
  }
});

test("both spectra agree with PyTorch's flattened kernel and Jacobian of a circular convolution", () => {
  for (const { kernel: shape, size, operator, flattened } of fixture.convolutions) {
    const seed = [...shape, ...size].reduce((sum, side) => sum + side);
    const found = convolutionSpectrum(randomKernel(shape as Shape, seed), size as Size);
    assertSpectrum(found.operator.values, operator);
    for (const [i, value] of flattened.entries()) {
      assert.ok(Math.abs(found.flattened.values[i]! - value) <= 1e-6 * flattened[0]!);
    }
  }
});

test("the operator has H · W times the kernel's energy and at most √(h · w) times its flattened norm", () => {
  const kernel = randomKernel([4, 3, 3, 3], 9);
  const { operator, flattened } = convolutionSpectrum(kernel, [6, 5]);
  const energy = (values: ArrayLike<number>) =>
    Array.from(values).reduce((sum, value) => sum + value ** 2, 0);
  const kernelEnergy = energy(kernel.dataSync());
  assert.ok(Math.abs(energy(operator.values) / kernelEnergy / 30 - 1) < 1e-6);
  assert.ok(Math.abs(energy(flattened.values) / kernelEnergy - 1) < 1e-6);
  assert.ok(spectralNorm(operator) <= 3 * spectralNorm(flattened));
});

test("identity and averaging kernels both have flattened rank 1, but operators of full rank and of rank 1", () => {
  const identity = convolutionSpectrum(tf.ones([1, 1, 1, 1]), [4, 4]);
  assert.deepEqual([...identity.operator.values], Array(16).fill(1));
  const average = convolutionSpectrum(tf.ones([1, 1, 4, 4]), [4, 4]);
  assert.equal(matrixRank(average.operator), 1);
  assert.deepEqual(
    [identity, average].map(({ flattened }) => matrixRank(flattened)),
    [1, 1],
  );
});

test("a 1 × 1 kernel of deficient rank has that rank at every frequency", () => {
  const mix = tf.tensor4d([1, 2, 2, 4], [2, 2, 1, 1]);
  const { operator, flattened } = convolutionSpectrum(mix, [3, 5]);
  const { layers } = networkRank({ operator, flattened });
  assert.deepEqual(
    layers.map(({ rank, capacity }) => [rank, capacity]),
    [
      [15, 30],
      [1, 2],
    ],
  );
});

test("convolutionSpectrum leaks no tensor", () => {
  const kernel = randomKernel([2, 2, 3, 3], 4);
  const before = tf.memory().numTensors;
  convolutionSpectrum(kernel, [4, 4]);
  assert.equal(tf.memory().numTensors, before);
});

test("convolutionSpectrum rejects invalid shapes and sizes, NaN and an empty kernel", () => {
  const kernel = randomKernel([2, 2, 3, 3], 5);
  assert.throws(
    () => convolutionSpectrum(tf.zeros([2, 3]), [4, 4]),
    /TypeError: convolutionSpectrum: expected a float32 kernel \[O, I, h, w\], got a float32 tensor \[2, 3\]/,
  );
  for (const size of [[4, 0], [4.5, 4], [4]] as Size[]) {
    assert.throws(() => convolutionSpectrum(kernel, size), /size is \[4.*, expected two integers ≥ 1/);
  }
  assert.throws(
    () => convolutionSpectrum(tf.fill([1, 1, 2, 2], Number.NaN), [4, 4]),
    /RangeError: convolutionSpectrum: expected finite numbers, got NaN/,
  );
  assert.throws(() => convolutionSpectrum(tf.zeros([0, 1, 2, 2]), [4, 4]), /got an empty one, \[0, 4\]/);
});
