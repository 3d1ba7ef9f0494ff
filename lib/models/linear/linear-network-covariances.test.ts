import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "ml-matrix";
import { RandomState } from "../../random/numpy";
import { LinearNetwork, layerGradients, normalMatrix, squaredErrorLoss } from "./linear-network";
import { covarianceGradients, covarianceLoss, covariances } from "./linear-network-covariances";

test("loss and gradients from covariances equal those from the examples", () => {
  const random = new RandomState(2);
  const [X, Y] = [normalMatrix(random, 30, 5), normalMatrix(random, 30, 3)];
  const network = new LinearNetwork(5, 4, 3, random);
  const statistics = covariances(X, Y);
  const onExamples = squaredErrorLoss(Y, network.forward(X));
  assert.ok(Math.abs(covarianceLoss(statistics, network) / onExamples - 1) < 1e-13);
  const [expected, actual] = [layerGradients(Y, network), covarianceGradients(statistics, network)];
  assert.ok(Matrix.sub(actual.dLdW21, expected.dLdW21).norm() < 1e-13 * expected.dLdW21.norm());
  assert.ok(Matrix.sub(actual.dLdW32, expected.dLdW32).norm() < 1e-13 * expected.dLdW32.norm());
});
