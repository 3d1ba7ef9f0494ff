import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { tf } from "../backend/tf";
import { TorchGenerator } from "../random/torch";
import { convZerO } from "./conv-zero";
import { dirac } from "./dirac";
import reference from "./fixtures/zero.json";
import type { KernelShape } from "./weight-shape";
import { zerO } from "./zero";

/** Images [examples, height, width, channels] of standard normal pixels. */
function images(shape: KernelShape): tf.Tensor4D {
  return tf.tensor4d(new TorchGenerator(0).randn(shape), shape);
}

/** The convolution of images with a kernel [outputs, inputs, height, width], with zero padding. */
function convolve(x: tf.Tensor4D, kernel: tf.Tensor4D, padding: "same" | "valid"): tf.Tensor4D {
  return tf.conv2d(x, kernel.transpose<tf.Tensor4D>([2, 3, 1, 0]), 1, padding);
}

function assertClose(actual: tf.Tensor, expected: tf.Tensor): void {
  assert.deepEqual(actual.shape, expected.shape);
  assert.ok(actual.sub(expected).abs().max().dataSync()[0]! < 1e-6);
}

test("convZerO equals the reference kernels and PyTorch's dirac_ bit for bit", () => {
  for (const [name, expected] of Object.entries({ ...reference.convZerOSha256, ...reference.diracSha256 })) {
    const shape = name.split("x").map(Number) as KernelShape;
    if (shape[0] > shape[1] && name in reference.diracSha256) continue;
    const kernel = convZerO(shape);
    assert.deepEqual([kernel.shape, kernel.dtype], [shape, "float32"]);
    assert.equal(createHash("sha256").update(kernel.dataSync()).digest("hex"), expected, name);
  }
});

test("dirac equals PyTorch's dirac_ bit for bit, with more outputs than inputs too", () => {
  for (const [name, expected] of Object.entries(reference.diracSha256)) {
    const kernel = dirac(name.split("x").map(Number) as KernelShape);
    assert.equal(createHash("sha256").update(kernel.dataSync()).digest("hex"), expected, name);
  }
});

test("the paper's factor makes what a Hadamard matrix fills √2 times as large, and leaves identities", () => {
  const ratios = (shape: KernelShape) => {
    const [code, paper] = [convZerO(shape), convZerO(shape, { factor: "paper" })].map((kernel) =>
      kernel.dataSync(),
    );
    return new Set(
      Array.from(code!, (value, i) => (value === 0 ? paper![i] : (paper![i]! / value).toFixed(6))),
    );
  };
  assert.deepEqual(ratios([6, 3, 3, 3]), new Set([0, Math.SQRT2.toFixed(6)]));
  assert.deepEqual(ratios([3, 3, 3, 3]), new Set(["1.000000", 0]));
  assert.throws(
    () => convZerO([2, 2, 3, 3], { factor: "Paper" as "paper" }),
    /factor is Paper, expected "code"/,
  );
});

test("convolving with convZerO copies the first channels to the outputs", () => {
  const x = images([2, 6, 7, 4]);
  for (const [outputs, height, width] of [
    [4, 3, 3],
    [2, 5, 5],
    [4, 1, 5],
    [3, 1, 1],
  ] as const) {
    const y = convolve(x, convZerO([outputs, 4, height, width]), "same");
    assertClose(y, x.slice([0, 0, 0, 0], [2, 6, 7, outputs]));
  }
});

test("with more outputs than inputs, each pixel is multiplied by the ZerO matrix", () => {
  const x = images([2, 5, 5, 3]);
  const pixels = x.reshape<tf.Tensor2D>([50, 3]);
  const expected = tf.matMul(pixels, zerO([8, 3]), false, true).reshape([2, 5, 5, 8]);
  assertClose(convolve(x, convZerO([8, 3, 3, 3]), "same"), expected);
});

test("a kernel of even size with padding of half its size does not shift the image", () => {
  const x = images([1, 5, 6, 2]);
  const padded: tf.Tensor4D = tf.pad(x, [
    [0, 0],
    [1, 1],
    [2, 2],
    [0, 0],
  ]);
  const y = convolve(padded, convZerO([2, 2, 2, 4]), "valid");
  assert.deepEqual(y.shape, [1, 6, 7, 2]);
  assertClose(y.slice([0, 0, 0, 0], x.shape), x);
});

test("convZerO rejects shapes that are not four positive integers", () => {
  for (const shape of [
    [3, 3],
    [2, 2, 3],
    [2, 2, 3, 0],
    [2, 2, 1.5, 3],
    [2, 2, 3, 3, 1],
  ]) {
    assert.throws(() => convZerO(shape as KernelShape), {
      message: `shape is [${shape.join(", ")}], expected [outputs, inputs, height, width] of integers ≥ 1`,
    });
  }
});
