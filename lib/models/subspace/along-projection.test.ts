import assert from "node:assert/strict";
import { test } from "node:test";
import { onlyNative } from "../../backend/testing/only-native";
import { tf } from "../../backend/tf";
import { RandomState } from "../../random/numpy";
import { AlongProjection } from "./along-projection";
import { perceptron } from "./architecture";
import { FastfoodProjection } from "./fastfood-projection";
import { SparseProjection } from "./sparse-projection";
import { initialTheta } from "./subspace-layout";
import { SubspaceNet } from "./subspace-net";
import {
  assertClose,
  assertCompiles,
  assertFreed,
  assertLinear,
  columnsOf,
} from "./testing/projection-checks";

const sizes = [4, 5, 3, 2];
const theta = initialTheta(new RandomState(1), { sizes, deviations: [0.5, 0.5, 0.5] });
const length = Math.hypot(...theta);

for (const [name, make] of [
  ["Fastfood", () => new FastfoodProjection(theta.length, 5, new RandomState(2))],
  ["sparse", () => new SparseProjection(theta.length, 5, new RandomState(2))],
] as const) {
  test(`the first column is θ/‖θ‖ and the others are those of the ${name} projection`, () => {
    const [first, ...others] = columnsOf(new AlongProjection(theta, make()));
    assertClose(
      first!,
      theta.map((entry) => entry / length),
      1e-7,
    );
    const expected = columnsOf(make());
    assert.equal(others.length, 5);
    for (const [i, column] of others.entries()) assertClose(column, expected[i]!, 1e-7);
  });

  test(`with a ${name} projection it is linear and multiplies gradients by the transpose`, () => {
    assertLinear(new AlongProjection(theta, make()));
  });

  test(`the original's network starts at θ with a ${name} projection`, () => {
    const net = new SubspaceNet(theta, {
      architecture: perceptron(sizes),
      projection: new AlongProjection(theta, make()),
    });
    assertClose(net.theta().dataSync(), theta, 1e-6);
    assertClose(net.parameters["omega"]!.dataSync(), [length, 0, 0, 0, 0, 0], 1e-6);
  });

  test(`compiled steps with a ${name} projection equal eager steps`, {
    skip: onlyNative("the other backends compile no steps"),
  }, (t) => {
    assertCompiles(new AlongProjection(theta, make()), t.mock.method(console, "warn").mock);
  });
}

test("constructing and projecting leak no tensor, and dispose also frees the other projection", () => {
  const others = () => new SparseProjection(theta.length, 5, new RandomState(2));
  assertFreed(() => new AlongProjection(theta, others()), 4 + 1);
});

test("rejects a θ of another size or of zeros, and more columns than parameters", () => {
  const others = (dimension: number) => new SparseProjection(3, dimension, new RandomState(2));
  const before = tf.memory().numTensors;
  const [two, three] = [others(2), others(3)];
  assert.throws(
    () => new AlongProjection([1, 2], two),
    /^RangeError: θ has 2 parameters, expected the projection's 3$/,
  );
  assert.throws(() => new AlongProjection([0, 0, 0], two), /^RangeError: .* got only zeros$/);
  assert.throws(
    () => new AlongProjection([1, 2, 3], three),
    /^RangeError: .*dimension of ω is 4, expected an integer from 1 to 3$/,
  );
  two.dispose();
  three.dispose();
  assert.equal(tf.memory().numTensors, before);
});

test("the first column is θ/‖θ‖ at any scale of θ", () => {
  for (const scale of [1e-200, 1e-40, 1e40, 1e200]) {
    const projection = new AlongProjection(
      theta.map((entry) => entry * scale),
      new SparseProjection(theta.length, 5, new RandomState(2)),
    );
    const first = columnsOf(projection)[0]!;
    assertClose(
      first,
      theta.map((entry) => entry / length),
      1e-7,
    );
    projection.dispose();
  }
});
