import assert from "node:assert/strict";
import { test } from "node:test";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { tf } from "../tf";
import { assertAgreement, normal, on } from "./testing/agreement";

interface Net {
  weights: tf.Variable[];
  loss(): tf.Scalar;
}

const labels = () => tf.oneHot(tf.tensor1d([3, 0, 2, 1, 0, 3, 2, 2], "int32"), 4, 1, 0, "float32");

/** A network with two hidden layers and its loss on 8 examples of 12 features. */
function mlp(): Net {
  const weights = [
    [12, 9],
    [9, 7],
    [7, 4],
  ].map((shape, i) => tf.variable(normal(shape, i + 1)));
  const biases = [9, 7, 4].map((units) => tf.variable(tf.zeros([units])));
  const inputs = tf.keep(normal<tf.Tensor2D>([8, 12], 5));
  const loss = () => {
    const logits = weights.reduce<tf.Tensor>((layer, weight, i) => {
      const sums = layer.matMul(weight).add(biases[i]!);
      return i < 2 ? sums.relu() : sums;
    }, inputs);
    return tf.losses.softmaxCrossEntropy(labels(), logits) as tf.Scalar;
  };
  return { weights: [...weights, ...biases], loss };
}

/** A network of two convolutions, with maximum and average pooling, and a dense layer, and its loss on 8 images. */
function convNet(): Net {
  const first = tf.variable<tf.Rank.R4>(normal([3, 3, 2, 4], 1));
  const second = tf.variable<tf.Rank.R4>(normal([3, 3, 4, 5], 2));
  const dense = tf.variable(normal([20, 4], 3));
  const inputs = tf.keep(normal<tf.Tensor4D>([8, 10, 10, 2], 5));
  const loss = () => {
    const pooled = tf.relu(tf.maxPool(tf.conv2d(inputs, first, 1, "valid"), 2, 2, "valid"));
    const averaged = tf.avgPool(tf.relu(tf.conv2d(pooled, second, 1, "same")), 2, 2, "valid");
    const logits = averaged.reshape([8, 20]).matMul(dense);
    return tf.neg(tf.logSoftmax(logits).mul(labels()).sum(1).mean()) as tf.Scalar;
  };
  return { weights: [first, second, dense], loss };
}

/** The size of the wasm heap in bytes, which includes the memory that its kernels keep for themselves. */
function heapBytes(): number {
  const { wasm } = tf.backend() as BackendWasm;
  return (wasm as unknown as { HEAPU8: Uint8Array }).HEAPU8.length;
}

const nets = { "fully connected": mlp, convolutional: convNet };
const optimizers = { SGD: () => tf.train.sgd(0.1), Adam: () => tf.train.adam(0.01) };

for (const [kind, net] of Object.entries(nets)) {
  for (const [name, optimizer] of Object.entries(optimizers)) {
    test(`one step of ${name} on a ${kind} network agrees with the cpu backend`, () => {
      assertAgreement(() => {
        const { weights, loss } = net();
        const cost = optimizer().minimize(loss, true, weights)!;
        return [cost, ...weights];
      }, 1e-5);
    });

    test(`fifty steps of ${name} on a ${kind} network take no more memory than the first`, () => {
      on("wasm", () => {
        const { weights, loss } = net();
        const training = optimizer();
        const used = () => {
          training.minimize(loss, false, weights);
          const { numTensors, numBytes } = tf.memory();
          return { numTensors, numBytes, heap: heapBytes() };
        };
        const first = used();
        for (let step = 1; step < 50; step++) assert.deepEqual(used(), first);
      });
    });
  }
}
