import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "ml-matrix";
import { layerMetrics } from "./layer-metrics";
import { matrixRank } from "./matrix-rank";
import { spectrum } from "./spectrum";
import { stableRank } from "./stable-rank";
import { planted, tensorOf } from "./testing/matrices";

test("layerMetrics gives each layer's metrics by name, from tensors, matrices and spectra", () => {
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

test("layerMetrics names the layer that is not a matrix of finite numbers", () => {
  const layers = { good: Matrix.eye(2), bad: new Matrix([[1, Number.NaN]]) };
  assert.throws(() => layerMetrics(layers, { matrixRank }), /layerMetrics, layer bad: .*got NaN at \[0, 1\]/);
});
