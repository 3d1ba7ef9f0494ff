import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../../backend/tf";
import { hadamard } from "../../initializers/hadamard";
import { WalshHadamard } from "./walsh-hadamard";

test("transform multiplies columns by the Hadamard matrix", () => {
  for (const order of [1, 2, 4, 32, 64, 128, 2048]) {
    const x = tf.linspace(-1, 1, order * 3).reshape<tf.Tensor2D>([order, 3]);
    const transform = new WalshHadamard(order);
    const deviation = transform
      .transform(x)
      .sub(tf.matMul(hadamard(order), x))
      .abs()
      .max()
      .dataSync()[0]!;
    assert.ok(deviation <= 1e-6 * order, `order ${order}: ${deviation} off`);
  }
});

test("transforming twice multiplies by the order", () => {
  const x = tf.linspace(-1, 1, 4096 * 2).reshape<tf.Tensor2D>([4096, 2]);
  const transform = new WalshHadamard(4096);
  const twice = transform.transform(transform.transform(x)).div(4096);
  assert.ok(twice.sub(x).abs().max().dataSync()[0]! < 1e-5);
});

test("transform leaks no tensor, and dispose frees the factors", () => {
  const before = tf.memory().numTensors;
  const transform = new WalshHadamard(64);
  tf.tidy(() => {
    transform.transform(tf.ones([64, 1]));
  });
  assert.equal(tf.memory().numTensors, before + 2);
  transform.dispose();
  assert.equal(tf.memory().numTensors, before);
});

test("rejects an order that is not a power of two", () => {
  for (const order of [0, -4, 3, 0.5, Number.NaN]) {
    assert.throws(() => new WalshHadamard(order), { name: "RangeError", message: /power of two/ });
  }
});
