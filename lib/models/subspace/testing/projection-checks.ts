import assert from "node:assert/strict";
import { compile } from "../../../backend/compile/compile";
import { tf } from "../../../backend/tf";
import { SGD } from "../../../optim/sgd";
import { RandomState } from "../../../random/numpy";
import type { Projection } from "../projection";

export function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++) {
    assert.ok(Math.abs(actual[i]! - expected[i]!) <= tolerance, `${i}: ${actual[i]} is not ${expected[i]}`);
  }
}

/** The columns of P, computed by projecting the unit vectors. */
export function columnsOf(projection: Projection): Float32Array[] {
  return tf.tidy(() => {
    const units = tf.unstack(tf.eye(projection.dimension));
    return units.map((unit) => projection.project(unit).dataSync<"float32">());
  });
}

/** Asserts that P has these columns up to 1e-6. */
export function assertColumns(projection: Projection, expected: readonly ArrayLike<number>[]): void {
  const columns = columnsOf(projection);
  assert.equal(columns.length, projection.dimension);
  assert.equal(expected.length, projection.dimension);
  for (const [i, column] of columns.entries()) assertClose(column, expected[i]!, 1e-6);
}

export function product(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** The inner products of all pairs of columns. */
export function productsOf(columns: readonly Float32Array[]): number[] {
  return columns.flatMap((column, i) => columns.slice(0, i).map((other) => product(column, other)));
}

/** Asserts that the projection is linear, accepts vectors and columns, and multiplies gradients by the transpose. */
export function assertLinear(projection: Projection): void {
  const { size, dimension } = projection;
  const columns = columnsOf(projection);
  const random = new RandomState(11);
  const [omega, g] = [random.randn(dimension), random.randn(size)];
  const tensor = tf.tensor1d(Float32Array.from(omega));
  const projected = projection.project(tensor);
  assert.deepEqual(projected.shape, [size]);
  const expected = Float64Array.from({ length: size }, (_, row) =>
    product(
      omega,
      columns.map((column) => column[row]!),
    ),
  );
  assertClose(projected.dataSync(), expected, 1e-5);
  assertClose(projection.project(tensor.reshape([dimension, 1])).dataSync(), expected, 1e-5);

  const weights = tf.tensor1d(Float32Array.from(g));
  const transposed = columns.map((column) => product(g, column));
  for (const shape of [[dimension], [dimension, 1]]) {
    const loss = (x: tf.Tensor) => projection.project(x).mul(weights).sum();
    const gradient = tf.grad(loss)(tensor.reshape(shape));
    assert.deepEqual(gradient.shape, shape);
    assertClose(gradient.dataSync(), transposed, 1e-5);
  }
}

/** Asserts that ten compiled steps of gradient descent on ‖θ − 1‖² give the same losses and ω as eager ones. */
export function assertCompiles(projection: Projection, warn: { callCount(): number }): void {
  const descend = (how: typeof compile) => {
    const omega = tf.variable(tf.linspace(-1, 1, projection.dimension));
    const sgd = new SGD({ omega }, { lr: 0.1 });
    const step = how(() => {
      const { loss, gradients } = sgd.differentiate(() => projection.project(omega).sub(1).square().sum());
      sgd.step(gradients);
      return loss;
    });
    const losses = Array.from({ length: 10 }, () => tf.tidy(() => (step() as tf.Tensor).dataSync()[0]!));
    return [losses, omega.dataSync()] as const;
  };
  const eager = ((step: object) => step) as unknown as typeof compile;
  const [[losses, omega], [expectedLosses, expectedOmega]] = [descend(compile), descend(eager)];
  assertClose(losses, expectedLosses, 1e-5 * expectedLosses[0]!);
  assertClose(omega, expectedOmega, 1e-5);
  assert.ok(losses.at(-1)! < losses[0]!);
  assert.equal(warn.callCount(), 0);
}

/** Asserts that a projection holds this number of tensors, that projecting leaks none, and that dispose frees all. */
export function assertFreed(make: () => Projection, tensors: number): void {
  const before = tf.memory().numTensors;
  const projection = tf.tidy(() => make() as Projection & tf.TensorContainer);
  assert.equal(tf.memory().numTensors, before + tensors);
  tf.tidy(() => {
    tf.grad((x: tf.Tensor) => projection.project(x).square().sum())(tf.ones([projection.dimension]));
  });
  assert.equal(tf.memory().numTensors, before + tensors);
  projection.dispose();
  assert.equal(tf.memory().numTensors, before);
}
