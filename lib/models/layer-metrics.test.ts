import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../backend/tf";
import { kaimingNormal } from "../initializers/kaiming";
import { linearDefault } from "../initializers/torch-default";
import { RandomState } from "../random/numpy";
import { TorchGenerator } from "../random/torch";
import { type LayeredModel, layerMetrics } from "../rank/layer-metrics";
import { matrixRank } from "../rank/matrix-rank";
import { ConvNet } from "./feedback/conv-net";
import { weightFeedbackNet } from "./feedback/weight-feedback-net";
import { LinearNetwork } from "./linear/linear-network";
import { LowRankMLP } from "./mlp/low-rank-mlp";
import { MaskedMLP } from "./mlp/masked-mlp";
import { MLP } from "./mlp/mlp";
import { ResNet } from "./resnet/res-net";
import { perceptron } from "./subspace/architecture";
import { initialLeNetTheta, leNet } from "./subspace/le-net";
import { SparseProjection } from "./subspace/sparse-projection";
import { SubspaceNet } from "./subspace/subspace-net";

const generator = new TorchGenerator(0);
const random = new RandomState(0);
const mlp = new MLP([20, 12, 8], (shape) => linearDefault(shape, generator));
const layers = mlp.layers();
const architecture = perceptron([20, 12, 8]);
const theta = random.randn(20 * 12 + 12 * 8 + 20);
const projection = new SparseProjection(theta.length, 5, random);

/** Models with the shapes and ranks of their layers: random matrices have full rank, products that of a factor. */
const models: Record<string, [LayeredModel, ...[string, string, number][]]> = {
  MLP: [mlp, ["l1.weight", "12 × 20", 12], ["l2.weight", "8 × 12", 8]],
  LowRankMLP: [new LowRankMLP(layers, [3]), ["l1.weight", "12 × 20", 3], ["l2.weight", "8 × 12", 8]],
  MaskedMLP: [new MaskedMLP(layers, 1), ["l1.weight", "12 × 20", 0], ["l2.weight", "8 × 12", 1]],
  ConvNet: [
    new ConvNet({ channels: 1, side: 16, filters: [3, 5], hidden: 6, classes: 2 }, generator),
    ["conv1.weight", "3 × 1 × 5 × 5", 3],
    ["conv2.weight", "5 × 3 × 5 × 5", 5],
    ["fc1.weight", "6 × 5", 5],
    ["fc2.weight", "2 × 6", 2],
  ],
  WeightNetMnist: [
    weightFeedbackNet({ net: "WeightNetMnist", generator }),
    ["conv1.weight", "5 × 1 × 5 × 5", 5],
    ["conv2.weight", "10 × 5 × 5 × 5", 10],
    ["fc1.weight", "60 × 186", 60],
    ["fc2.weight", "10 × 60", 10],
  ],
  ResNet: [
    new ResNet({ initialize: (shape) => kaimingNormal(shape, generator), widths: [4, 6] }),
    ["conv1.weight", "4 × 3 × 3 × 3", 4],
    ["layer1.0.conv1.weight", "4 × 4 × 3 × 3", 4],
    ["layer1.0.conv2.weight", "4 × 4 × 3 × 3", 4],
    ["layer2.0.conv1.weight", "6 × 4 × 3 × 3", 6],
    ["layer2.0.conv2.weight", "6 × 6 × 3 × 3", 6],
    ["layer2.0.downsample.0.weight", "6 × 4 × 1 × 1", 4],
    ["fc.weight", "10 × 6", 6],
  ],
  "SubspaceNet of all parameters": [
    new SubspaceNet(theta, { architecture }),
    ["W1", "20 × 12", 12],
    ["W2", "12 × 8", 8],
  ],
  "SubspaceNet with a projection": [
    new SubspaceNet(theta, { architecture, projection, affine: true }),
    ["W1", "20 × 12", 12],
    ["W2", "12 × 8", 8],
  ],
  LeNet: [
    new SubspaceNet(initialLeNetTheta(generator), { architecture: leNet() }),
    ["conv1.weight", "6 × 1 × 5 × 5", 6],
    ["conv2.weight", "16 × 6 × 5 × 5", 16],
    ["fc1.weight", "120 × 256", 120],
    ["fc2.weight", "84 × 120", 84],
    ["fc3.weight", "10 × 84", 10],
  ],
  LinearNetwork: [new LinearNetwork(9, 4, 6, random), ["W21", "4 × 9", 4], ["W32", "6 × 4", 4]],
};

for (const [name, [model, ...expected]] of Object.entries(models)) {
  test(`layerMetrics measures the layers of ${name} and leaks no tensor`, () => {
    const before = tf.memory().numTensors;
    const rows = layerMetrics(model, { matrixRank });
    assert.equal(tf.memory().numTensors, before);
    assert.deepEqual(
      rows.map(({ layer, shape, matrixRank }) => [layer, shape, matrixRank]),
      expected,
    );
  });
}
