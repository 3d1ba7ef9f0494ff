import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { linearDefault } from "../initializers/torch-default";
import { RandomState } from "../random/numpy";
import { TorchGenerator } from "../random/torch";
import { weightFeedbackNet } from "./feedback/weight-feedback-net";
import { LinearNetwork } from "./linear/linear-network";
import { LowRankMLP } from "./mlp/low-rank-mlp";
import { MaskedMLP } from "./mlp/masked-mlp";
import { MLP } from "./mlp/mlp";
import { perceptron } from "./subspace/architecture";
import { SparseProjection } from "./subspace/sparse-projection";
import { SubspaceNet } from "./subspace/subspace-net";

const generator = new TorchGenerator(0);
const mlp = new MLP([784, 100, 10], (shape) => linearDefault(shape, generator));
const layers = mlp.layers();

test("a perceptron prints the name, shape and size of each parameter", () => {
  // 784 · 100 + 100 + 100 · 10 + 10
  const lines = [
    "MLP with 79,510 trainable parameters",
    "  l1.weight  [100, 784]  78,400",
    "  l1.bias    [100]          100",
    "  l2.weight  [10, 100]    1,000",
    "  l2.bias    [10]            10",
  ];
  assert.equal(inspect(mlp), lines.join("\n"));
});

test("a masked perceptron also prints its masks, and a low-rank one its factors", () => {
  const masked = inspect(new MaskedMLP(layers, 10));
  assert.match(masked, /^MaskedMLP with 79,510 trainable parameters\n/);
  assert.match(masked, /\nmasks\n {2}l1\.mask {2}\[100, 784\] {2}78,400\n/);
  // 3 · (784 + 100) + 100 + 1,010
  const factored = inspect(new LowRankMLP(layers, [3]));
  assert.match(factored, /^LowRankMLP with 3,762 trainable parameters\n {2}l1\.left {4}\[100, 3\]/);
});

test("a subspace net prints ω and the parameters that it determines", () => {
  const theta = new Float32Array(4 * 3 + 3 * 2 + 5).fill(1);
  const projection = new SparseProjection(theta.length, 7, new RandomState(0));
  const architecture = perceptron([4, 3, 2]);
  const text = inspect(new SubspaceNet(theta, { architecture, projection, affine: true }));
  assert.match(text, /^SubspaceNet with 7 trainable parameters\n {2}omega {2}\[7\] {2}7\n/);
  assert.match(text, /\nθ, the parameters of the architecture\n {2}W1 {2}\[4, 3\] {2}12\n/);
  assert.doesNotMatch(inspect(new SubspaceNet(theta, { architecture })), /omega/);
});

test("convolutional and linear networks print their parameters", () => {
  const net = inspect(weightFeedbackNet({ net: "WeightNetMnist", generator }));
  assert.match(net, /^ConvNet with 13,220 trainable parameters\n/);
  assert.match(net, /\n {2}conv1\.weight {2}\[5, 1, 5, 5\] +125\n/);
  const network = inspect(new LinearNetwork(4, 3, 2, new RandomState(0)));
  assert.equal(network, "LinearNetwork with 18 trainable parameters\n  W21  [3, 4]  12\n  W32  [2, 3]   6");
});
