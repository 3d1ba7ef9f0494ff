import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../../backend/tf";
import { RandomState } from "../../random/numpy";
import { DenseProjection } from "./dense-projection";

const theta = new RandomState(1).randn(700).map((z) => 0.01 * z);
const length = Math.hypot(...theta);
const along = (dimension: number, random = new RandomState(2)) =>
  DenseProjection.along(theta, dimension, random);

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++) {
    assert.ok(Math.abs(actual[i]! - expected[i]!) <= tolerance, `${i}: ${actual[i]} is not ${expected[i]}`);
  }
}

for (const [form, make] of [
  ["along", along],
  ["random", (dimension: number) => DenseProjection.random(700, dimension, new RandomState(2))],
] as const) {
  test(`the columns of ${form} are orthonormal for any dimension`, () => {
    for (const dimension of [1, 2, 60, 700]) {
      const projection = make(dimension);
      assert.deepEqual([projection.size, projection.dimension], [700, dimension]);
      const products = tf.matMul(projection.matrix(), projection.matrix(), true, false);
      const deviation = products.sub(tf.eye(dimension)).abs().max().dataSync()[0]!;
      assert.ok(deviation < 2e-6, `dimension ${dimension}: ${deviation} off`);
    }
  });
}

test("the first column of along is θ/‖θ‖", () => {
  const P = along(5).matrix();
  const expected = theta.map((entry) => entry / length);
  assertClose(P.slice([0, 0], [700, 1]).dataSync(), expected, 1e-8);
});

test("the columns are drawn as in the original: randn(D, dimension - 1) along θ, else randn(D, dimension)", () => {
  for (const [make, columns] of [
    [(random: RandomState) => along(6, random), 5],
    [(random: RandomState) => DenseProjection.random(700, 6, random), 6],
  ] as const) {
    const P = make(new RandomState(3)).matrix();
    const drawn = tf.tensor2d(new Float32Array(new RandomState(3).randn(700, columns)), [700, columns]);
    const projected = tf.matMul(P, tf.matMul(P, drawn, true, false));
    assertClose(projected.dataSync(), drawn.dataSync(), 1e-5);
    const next = new RandomState(3);
    next.randn(700, columns);
    const random = new RandomState(3);
    make(random);
    assert.deepEqual(random.randn(3), next.randn(3));
  }
});

test("project multiplies vectors and columns by P, and gradients by its transpose", () => {
  const projection = along(4);
  const omega = tf.tensor1d([1, -2, 0.5, 3]);
  const expected = tf.matMul(projection.matrix(), omega.reshape([4, 1])).dataSync();
  assert.deepEqual(projection.project(omega).shape, [700]);
  assertClose(projection.project(omega).dataSync(), expected, 1e-7);
  assertClose(projection.project(omega.reshape([4, 1])).dataSync(), expected, 1e-7);
  const g = tf.linspace(-1, 1, 700);
  const gradient = tf.grad((x: tf.Tensor) => projection.project(x).mul(g).sum())(omega);
  assert.deepEqual(gradient.shape, [4]);
  assertClose(gradient.dataSync(), tf.matMul(g.reshape([1, 700]), projection.matrix()).dataSync(), 1e-5);
});

test("constructing and projecting leak no tensor, and dispose frees P", () => {
  const before = tf.memory().numTensors;
  let projection!: DenseProjection;
  tf.tidy(() => {
    projection = along(3);
  });
  assert.equal(tf.memory().numTensors, before + 1);
  tf.tidy(() => {
    projection.project(tf.ones([3]));
  });
  assert.equal(tf.memory().numTensors, before + 1);
  projection.dispose();
  assert.equal(tf.memory().numTensors, before);
});

test("rejects invalid dimensions, a θ of zeros and a P too large for memory before drawing any number", () => {
  const random = new RandomState(5);
  for (const dimension of [0, -1, 1.5, 701, Number.NaN]) {
    assert.throws(() => along(dimension, random), {
      name: "RangeError",
      message: `the dimension of ω is ${dimension}, expected an integer from 1 to 700`,
    });
    assert.throws(() => DenseProjection.random(700, dimension, random), /integer from 1 to 700/);
  }
  assert.throws(
    () => DenseProjection.along([0, 0, 0], 2, random),
    /first column's direction, got only zeros/,
  );
  const tooMuch =
    /^a dense P \[10000000, 1000000\] takes 37252\.9 GiB, but only [\d.]+ GiB of [\d.]+ GiB is free; a Fastfood projection would fit$/;
  assert.throws(() => DenseProjection.random(1e7, 1e6, random), { name: "RangeError", message: tooMuch });
  assert.deepEqual(random.randn(3), new RandomState(5).randn(3));
});

test("the first column is θ/‖θ‖ at any scale of θ", () => {
  for (const scale of [1e-200, 1e-40, 1e40, 1e200]) {
    const projection = DenseProjection.along(
      theta.map((entry) => entry * scale),
      3,
      new RandomState(2),
    );
    const first = projection.matrix().slice([0, 0], [700, 1]).dataSync();
    assertClose(
      first,
      theta.map((entry) => entry / length),
      1e-7,
    );
    projection.dispose();
  }
});
