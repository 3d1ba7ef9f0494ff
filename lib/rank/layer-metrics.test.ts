import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "ml-matrix";
import { tf } from "../backend/tf";
import { TorchGenerator } from "../random/torch";
import { layerMetrics } from "./layer-metrics";
import { matrixRank } from "./matrix-rank";
import { spectralNorm } from "./spectral-norm";
import { spectrum } from "./spectrum";
import { stableRank } from "./stable-rank";
import { planted, tensorOf } from "./testing/matrices";

test("layerMetrics returns each layer's metrics by name, for tensors, matrices and spectra", () => {
  const wide = planted(5, 9, [2, 2]);
  const layers = {
    "l1.weight": wide,
    "l2.weight": tensorOf(wide.transpose()),
    "l3.weight": spectrum(Matrix.eye(3)),
  };
  const rows = layerMetrics(layers, { matrixRank, stableRank });
  assert.deepEqual(
    rows.map(({ layer, shape, matrixRank, stableRank }) => [
      layer,
      shape,
      matrixRank,
      Number(stableRank.toFixed(5)),
    ]),
    [
      ["l1.weight", "5 × 9", 2, 2],
      ["l2.weight", "9 × 5", 2, 2],
      ["l3.weight", "3 × 3", 3, 3],
    ],
  );
});

test("the error of layerMetrics names the layer with non-finite numbers", () => {
  const layers = { good: Matrix.eye(2), bad: new Matrix([[1, Number.NaN]]) };
  assert.throws(() => layerMetrics(layers, { matrixRank }), /layerMetrics, layer bad: .*got NaN at \[0, 1\]/);
});

test("layerMetrics measures a model's kernels as matrices and omits its biases", () => {
  const generator = new TorchGenerator(0);
  const parameters = {
    "conv1.weight": tf.variable(tf.tensor(generator.randn([6, 2, 3, 3]), [6, 2, 3, 3])),
    "conv1.bias": tf.variable(tf.zeros([6])),
    "fc1.weight": tf.variable(tf.tensor(generator.randn([4, 9]), [4, 9])),
  };
  const expected = [
    { layer: "conv1.weight", shape: "6 × 2 × 3 × 3", spectralNorm: 0 },
    { layer: "fc1.weight", shape: "4 × 9", spectralNorm: 0 },
  ];
  expected[0]!.spectralNorm = spectralNorm(parameters["conv1.weight"].reshape([6, 18]));
  expected[1]!.spectralNorm = spectralNorm(parameters["fc1.weight"]);
  assert.deepEqual(layerMetrics(parameters, { spectralNorm }), expected);
  assert.deepEqual(layerMetrics({ parameters }, { spectralNorm }), expected);
});

test("layerMetrics rejects models without layers and accepts layers named like members of a model", () => {
  const bias = tf.zeros([3]);
  assert.throws(
    () => layerMetrics({ parameters: { bias } }, { matrixRank }),
    /layerMetrics: expected at least one matrix or kernel, got \[bias\]/,
  );
  const rows = layerMetrics({ parameters: Matrix.eye(2), layers: Matrix.eye(3) }, { matrixRank });
  assert.deepEqual(
    rows.map((row) => row.matrixRank),
    [2, 3],
  );
});
