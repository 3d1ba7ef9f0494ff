import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { Matrix } from "ml-matrix";
import { allDigits, loadMnist, MNIST_PIXELS } from "../../data/mnist";
import { matmul } from "../../linalg/matmul";
import { applyWhitening, fitWhitening } from "../../linalg/whitening";
import { RandomState } from "../../random/numpy";
import reference from "./fixtures/linear-network.json";
import {
  gradientStep,
  LinearNetwork,
  layerGradients,
  normalMatrix,
  originalGradients,
  rms,
  squaredErrorLoss,
} from "./linear-network";
import { covarianceGradients, covariances } from "./linear-network-covariances";
import "../../notebook/use-environment";

const { teacher, loss_curve_100: curve } = reference;

/** The original's inputs: the first thousand digits, whitened with the map fitted to all 70,000. */
let whitened: Matrix;
before(async () => {
  const { images } = allDigits(await loadMnist());
  const map = fitWhitening(images, { components: 100 });
  whitened = applyWhitening(images.subarray(0, 1000 * MNIST_PIXELS), map);
});

/** The original's teacher and network, drawn from RandomState(0) in its order. */
function original() {
  const random = new RandomState(0);
  const Wstar = normalMatrix(random, 10, 100);
  const network = new LinearNetwork(100, 20, 10, random);
  return { network, X: whitened, Y: matmul(whitened, Wstar.transpose()) };
}

function assertRelative(actual: number, expected: number, tolerance: number): void {
  const error = Math.abs(actual / expected - 1);
  assert.ok(error <= tolerance, `${actual} is not ${expected} within ${tolerance}, but ${error}`);
}

test("the initial loss and gradients on the teacher agree with NumPy", () => {
  const { network, X, Y } = original();
  assertRelative(squaredErrorLoss(Y, network.forward(X)), teacher.initial_loss, 1e-12);
  const { dLdW21, dLdW32 } = originalGradients(Y, network);
  assert.deepEqual([dLdW21.rows, dLdW21.columns, dLdW32.rows, dLdW32.columns], [20, 100, 10, 20]);
  assertRelative(rms(dLdW21), teacher.rms_grad_W21, 1e-12);
  assertRelative(rms(dLdW32), teacher.rms_grad_W32, 1e-12);
});

test("the losses of the first 100 updates agree with NumPy", () => {
  const { network, X, Y } = original();
  network.forward(X);
  gradientStep(network, originalGradients(Y, network), 1);
  const losses = [squaredErrorLoss(Y, network.forward(X))];
  for (let step = 0; step < 100; step++) {
    gradientStep(network, originalGradients(Y, network), 10);
    losses.push(squaredErrorLoss(Y, network.forward(X)));
  }
  assertRelative(losses[0]!, teacher.loss_after_one_update, 1e-12);
  assertRelative(losses[10]!, teacher.loss_after_steps["10"], 1e-11);
  assertRelative(losses[100]!, teacher.loss_after_steps["100"], 1e-11);
  for (const [step, expected] of curve.losses.entries()) assertRelative(losses[step]!, expected, 1e-9);
});

test("training on covariances with learning rates divided by P agrees with the original to step 3000", () => {
  const { network, X, Y } = original();
  const statistics = covariances(X, Y);
  const train = (steps: number, lr: number) => {
    for (let step = 0; step < steps; step++) {
      gradientStep(network, covarianceGradients(statistics, network), lr / X.rows);
    }
    return squaredErrorLoss(Y, network.forward(X));
  };
  assertRelative(train(1, 1), teacher.loss_after_one_update, 1e-12);
  assertRelative(train(1000, 10), teacher.loss_after_steps["1000"], 1e-9);
  assertRelative(train(1000, 10), teacher.loss_after_steps["2000"], 1e-6);
  // Here the errors of the outputs are close to their rounding.
  assertRelative(train(1000, 10), teacher.loss_after_steps["3000"], 1e-3);
  assertRelative(network.W32.norm(), teacher.norm_W32, 1e-12);
  assertRelative(network.W21.norm(), teacher.norm_W21, 1e-12);
});

/** A small network with random inputs and targets. */
function small() {
  const random = new RandomState(1);
  const [X, Y] = [normalMatrix(random, 7, 4), normalMatrix(random, 7, 2)];
  return { X, Y, network: new LinearNetwork(4, 3, 2, random) };
}

test("gradients agree with finite differences, and the original's are smaller by a factor of P", () => {
  const { X, Y, network } = small();
  network.forward(X);
  const byHand = layerGradients(Y, network);
  const documented = originalGradients(Y, network);
  for (const [weights, gradient, smaller] of [
    [network.W21, byHand.dLdW21, documented.dLdW21],
    [network.W32, byHand.dLdW32, documented.dLdW32],
  ] as const) {
    for (let i = 0; i < weights.rows; i++) {
      for (let j = 0; j < weights.columns; j++) {
        const weight = weights.get(i, j);
        const lossAt = (value: number) => {
          weights.set(i, j, value);
          return squaredErrorLoss(Y, network.forward(X));
        };
        const h = 1e-5;
        const slope = (lossAt(weight + h) - lossAt(weight - h)) / (2 * h);
        lossAt(weight);
        assert.ok(Math.abs(gradient.get(i, j) - slope) < 1e-7 * (1 + Math.abs(slope)));
        assertRelative(smaller.get(i, j) * Y.rows, gradient.get(i, j), 1e-14);
      }
    }
  }
});

test("gradients agree with automatic differentiation", async () => {
  await tf.setBackend("cpu");
  const { network, X, Y } = original();
  network.forward(X);
  const byHand = layerGradients(Y, network);
  const tensor = (matrix: Matrix) => tf.tensor2d(matrix.to2DArray());
  const lossOf = (W21: tf.Tensor, W32: tf.Tensor) => {
    const outputs = tensor(X).matMul(W21, false, true).matMul(W32, false, true);
    return tensor(Y).sub(outputs).square().sum().div(X.rows).asScalar();
  };
  const automatic = tf.grads(lossOf)([tensor(network.W21), tensor(network.W32)]);
  for (const [i, gradient] of [byHand.dLdW21, byHand.dLdW32].entries()) {
    const other = new Matrix((await automatic[i]!.array()) as number[][]);
    const relative = Matrix.sub(other, gradient).norm() / gradient.norm();
    assert.ok(relative < 1e-4, `they differ by ${relative}`);
  }
});

test("layerGradients requires a forward pass and targets of the outputs' shape", () => {
  const { X, network } = small();
  assert.throws(() => layerGradients(Matrix.ones(7, 2), network), /require a forward pass first/);
  network.forward(X);
  assert.throws(() => layerGradients(Matrix.ones(7, 3), network), /\[7, 3\], expected \[7, 2\]/);
});
