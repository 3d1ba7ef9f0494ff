import assert from "node:assert/strict";
import { test } from "node:test";
import { testLine, trainLine } from "./log-lines";

const loader = { count: 60000, length: 938 };
const step = { step: 51, epoch: 1, batch: 51, loss: 0.36550338 };

test("a step is printed as in PyTorch's MNIST example", () => {
  const soFar = { loss: 1, count: 3264 };
  assert.equal(trainLine({ ...step, soFar }, loader, 64), "Train Epoch: 1 [3200/60000 (5%)]\tLoss: 0.365503");
});

test("with an accuracy, the step's line ends with it", () => {
  const soFar = { loss: 1, count: 3264, accuracy: 0.7384 };
  assert.equal(
    trainLine({ ...step, soFar }, loader, 64),
    "Train Epoch: 1 [3200/60000 (5%)]\tLoss: 0.365503\tAccuracy(74%)",
  );
});

test("an evaluation is printed as the original notebook of ZerO printed it", () => {
  assert.equal(
    testLine({ loss: 0.18490123, accuracy: 0.9454, count: 10000 }),
    "Test set: Average loss: 0.1849, Accuracy: 9454/10000 (95%)",
  );
});
