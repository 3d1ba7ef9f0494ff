import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { tf } from "../backend/tf";
import { TorchGenerator } from "../random/torch";
import reference from "./fixtures/zero.json";
import { hadamard } from "./hadamard";
import { onE } from "./one-e";
import { partialIdentity } from "./partial-identity";
import { spray } from "./spray";
import type { DenseShape } from "./weight-shape";
import { zerO } from "./zero";

const sha256 = (tensor: tf.Tensor) =>
  createHash("sha256")
    .update(tensor.dataSync() as Float32Array)
    .digest("hex");

/** Asserts that an initializer reproduces the matrices of a fixture bit for bit. */
function assertHashes(hashes: Record<string, string>, initialize: (shape: DenseShape) => tf.Tensor): void {
  for (const [name, expected] of Object.entries(hashes)) {
    const shape = name.split("x").map(Number) as DenseShape;
    const weight = initialize(shape);
    assert.deepEqual([weight.shape, weight.dtype], [shape, "float32"]);
    assert.equal(sha256(weight), expected, name);
  }
}

/** The largest difference between AᵀA and the identity, which is 0 if the columns of A are orthonormal. */
function orthonormalityError(a: tf.Tensor2D): number {
  return tf.tidy(() => {
    const gram = tf.matMul(a, a, true, false);
    return gram.sub(tf.eye(a.shape[1])).abs().max().dataSync()[0]!;
  });
}

test("hadamard equals NumPy's Kronecker power of [[1, 1], [1, −1]]", () => {
  const signs = hadamard(8)
    .arraySync()
    .map((row) => row.map((entry) => (entry === 1 ? "+" : "-")).join(""));
  assert.deepEqual(signs, reference.hadamard8);
  for (const [order, expected] of Object.entries(reference.hadamardSha256)) {
    assert.equal(sha256(hadamard(Number(order))), expected, order);
  }
});

test("hadamard rejects an order that is not a power of two", () => {
  for (const order of [0, -2, 3, 12, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => hadamard(order), {
      message: `hadamard: the order is ${order}, expected a power of two`,
    });
  }
});

test("a Hadamard matrix of order 2^m scaled by 2^(−m/2) is orthogonal", () => {
  for (const m of [0, 1, 4, 7]) assert.ok(orthonormalityError(hadamard(2 ** m).mul(2 ** (-m / 2))) < 1e-5);
});

test("partialIdentity equals PyTorch's eye_ at the original's sizes", () => {
  assertHashes(reference.partialIdentitySha256, partialIdentity);
});

test("zerO equals the original's ZerO_Init_on_matrix bit for bit at its sizes", () => {
  assertHashes(reference.zerOSha256, zerO);
  assert.deepEqual(Array.from(zerO([5, 3]).dataSync()), reference.zerO5x3);
});

test("with more outputs than inputs all entries of zerO are ±2^(−⌈log₂ outputs⌉/2)", () => {
  for (let m = 1; m <= 12; m++) {
    for (const outputs of [2 ** (m - 1) + 1, 2 ** m]) {
      const magnitude = zerO([outputs, 1]).abs();
      const expected = Math.fround(2 ** (-m / 2));
      assert.deepEqual([magnitude.min().dataSync()[0], magnitude.max().dataSync()[0]], [expected, expected]);
    }
  }
});

test("zerO preserves norms if the number of outputs is a power of two, and never increases them", () => {
  for (const shape of [
    [64, 40],
    [128, 100],
  ] as DenseShape[])
    assert.ok(orthonormalityError(zerO(shape)) < 1e-5);
  const x = tf.tensor2d(new TorchGenerator(0).randn([784]), [784, 1]);
  const stretch = (outputs: number) => zerO([outputs, 784]).matMul(x).norm().div(x.norm()).dataSync()[0]!;
  for (const outputs of [1024, 2048]) assert.ok(Math.abs(stretch(outputs) - 1) < 1e-5);
  for (const outputs of [785, 1000, 1500]) assert.ok(stretch(outputs) < 1);
});

test("onE and spray draw the same columns as PyTorch", () => {
  const generator = () => new TorchGenerator(1);
  assert.deepEqual(Array.from(onE([8, 3], generator()).dataSync()), reference.onE8x3);
  assert.deepEqual(Array.from(spray([8, 3], generator()).dataSync()), reference.spray8x3);
  assertHashes(reference.onESha256, (shape) => onE(shape, generator()));
  assertHashes(reference.spraySha256, (shape) => spray(shape, generator()));
});

test("each row of onE has a single 1, its first rows are the identity, and rows of spray sum to 1", () => {
  const generator = new TorchGenerator(5);
  const weight = onE([40, 7], generator);
  assert.deepEqual(Array.from(weight.sum(1).dataSync()), new Array(40).fill(1));
  assert.deepEqual([weight.min().dataSync()[0], weight.max().dataSync()[0]], [0, 1]);
  assert.deepEqual(weight.slice([0, 0], [7, 7]).arraySync(), tf.eye(7).arraySync());
  for (const sum of spray([40, 7], generator).sum(1).dataSync()) assert.ok(Math.abs(sum - 1) < 1e-6);
});

test("onE draws columns uniformly: χ² with 9 degrees of freedom is below the 99.9 % quantile", () => {
  const draws = 10000;
  const ones = onE([10 + draws, 10], new TorchGenerator(2))
    .sum(0)
    .dataSync();
  const expected = draws / 10;
  const chiSquare = Array.from(ones).reduce((sum, count) => sum + (count - 1 - expected) ** 2 / expected, 0);
  assert.ok(chiSquare < 27.88, `${chiSquare}`);
});

test("onE depends only on the seed, and draws nothing for a square matrix", () => {
  const drawn = (seed: number) => sha256(onE([60, 9], new TorchGenerator(seed)));
  assert.equal(drawn(4), drawn(4));
  assert.notEqual(drawn(4), drawn(5));
  const generator = new TorchGenerator(4);
  assert.equal(sha256(onE([9, 9], generator)), sha256(tf.eye(9)));
  assert.equal(generator.randint64(), new TorchGenerator(4).randint64());
});

test("spray rejects a single input, for which the original divides by zero", () => {
  assert.throws(
    () => spray([4, 1], new TorchGenerator(0)),
    /shape is \[4, 1\], expected at least two inputs/,
  );
});

test("initializers reject shapes that are not two positive integers", () => {
  const generator = new TorchGenerator(0);
  const initializers = [
    partialIdentity,
    zerO,
    (shape: DenseShape) => onE(shape, generator),
    (shape: DenseShape) => spray(shape, generator),
  ];
  for (const shape of [[], [3], [0, 3], [3, 0], [5, 2.5], [-1, 2], [3, Number.NaN], [4, 3, 2]]) {
    const message = `shape is [${shape.join(", ")}], expected [outputs, inputs] of integers ≥ 1`;
    for (const initialize of initializers) assert.throws(() => initialize(shape as never), { message });
  }
});

test("initializers leak no tensor", () => {
  const before = tf.memory().numTensors;
  spray([8, 3], new TorchGenerator(0)).dispose();
  zerO([8, 3]).dispose();
  assert.equal(tf.memory().numTensors, before);
});
