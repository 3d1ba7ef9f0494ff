import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "ml-matrix";
import { tf } from "../backend/tf";
import { effectiveRank } from "./effective-rank";
import { matrixRank } from "./matrix-rank";
import { networkRank } from "./network-rank";
import { normalizedRank } from "./normalized-rank";
import { spectrum } from "./spectrum";
import { stableRank } from "./stable-rank";
import { normal, orthonormal, planted, tensorOf } from "./testing/matrices";

const network = () => ({
  "l1.weight": planted(12, 20, [3, 2, 1, 1, 0.5]),
  "l2.weight": planted(8, 12, [1, 0.9, 0.8]),
  "l3.weight": planted(4, 8, [2, 1, 1, 1]),
});

/** The parts of the result that do not depend on the layers' order or shape. */
const summary = (layers: Parameters<typeof networkRank>[0], options = {}) => {
  const { rank, range, bottleneck, clear } = networkRank(layers, options);
  return { rank, range, bottleneck, clear };
};

test("networkRank divides ranks by capacities, for each layer and for their sums", () => {
  const result = networkRank(network());
  assert.deepEqual(
    result.layers.map(({ name, shape, rank, capacity, ratio }) => [name, shape, rank, capacity, ratio]),
    [
      ["l1.weight", [12, 20], 5, 12, 5 / 12],
      ["l2.weight", [8, 12], 3, 8, 3 / 8],
      ["l3.weight", [4, 8], 4, 4, 1],
    ],
  );
  assert.deepEqual([result.rank, result.capacity, result.ratio, result.bottleneck], [12, 24, 0.5, 3]);
  assert.deepEqual([result.range, result.clear], [[12, 12], true]);
});

test("networkRank is the same for tensors, matrices and spectra, named or in a list", () => {
  const layers = Object.values(network());
  const expected = summary(layers);
  assert.deepEqual(summary(layers.map(tensorOf)), expected);
  assert.deepEqual(summary(layers.map(spectrum)), expected);
  assert.deepEqual(
    networkRank(layers).layers.map(({ name }) => name),
    ["0", "1", "2"],
  );
});

test("rescaling the layers of a ReLU network changes neither its outputs nor networkRank", () => {
  const [first, second, third] = Object.values(network()) as [Matrix, Matrix, Matrix];
  const x = normal(20, 6);
  const relu = (a: Matrix) => Matrix.max(a, new Matrix(a.rows, a.columns));
  const outputs = (l1: Matrix, l2: Matrix) => third.mmul(relu(l2.mmul(relu(l1.mmul(x)))));
  for (const c of [1e-6, 0.3, 250]) {
    const rescaled = [Matrix.mul(first, c), Matrix.div(second, c), third] as const;
    const difference = Matrix.sub(outputs(rescaled[0], rescaled[1]), outputs(first, second)).abs().max();
    assert.ok(difference < 1e-12);
    for (const metric of [undefined, effectiveRank, stableRank, normalizedRank]) {
      const [a, b] = [networkRank([...rescaled], { metric }), networkRank(network(), { metric })];
      assert.ok(Math.abs(a.rank - b.rank) < 1e-10);
    }
    // An absolute tolerance, in contrast, depends on the scale.
    if (c === 1e-6) assert.equal(matrixRank(rescaled[0], { atol: 1e-3 }), 0);
  }
});

test("networkRank is invariant under permutations of hidden units and rotations of layers", () => {
  const [first, second, third] = Object.values(network()) as [Matrix, Matrix, Matrix];
  const order = [3, 0, 7, 11, 1, 9, 2, 4, 10, 5, 8, 6];
  const columns = [...Array(20).keys()];
  const permuted = [
    first.selection(order, columns),
    second.selection([...Array(8).keys()], order),
    orthonormal(4, 4).mmul(third),
  ];
  assert.deepEqual(summary(permuted), summary(network()));
});

test("two networks side by side have twice the networkRank of one, at the same ratio", () => {
  const sideBySide = (a: Matrix) => Matrix.eye(2).kroneckerProduct(a);
  const close = planted(12, 12, [1, 0.5, 1.2e-3, 0.9e-3]);
  const [one, two] = [networkRank([close]), networkRank([sideBySide(close)])];
  assert.deepEqual([two.rank, two.capacity, two.ratio], [2 * one.rank, 2 * one.capacity, one.ratio]);
  // The larger ‖W‖_F raises the tolerance of normalizedRank, which loses a direction in each half.
  assert.equal(one.rank, 3);
  assert.equal(normalizedRank(close), 3);
  assert.equal(normalizedRank(sideBySide(close)), 4);
});

test("units with zero weights add to the capacity but not to the rank", () => {
  const small = planted(6, 6, [2, 1]);
  const large = new Matrix(10, 9).setSubMatrix(small, 0, 0);
  const [a, b] = [networkRank([small]), networkRank([large])];
  assert.deepEqual([a.rank, a.capacity, b.rank, b.capacity], [2, 6, 2, 9]);
});

test("the bottleneck bounds the rank of the network's Jacobian", () => {
  const [first, second, third] = Object.values(network()) as [Matrix, Matrix, Matrix];
  const x = normal(20, 1);
  const active = (a: Matrix) => Matrix.diag(a.to1DArray().map((value) => Number(value > 0)));
  const hidden = first.mmul(x);
  const gates = active(hidden);
  const gates2 = active(second.mmul(gates).mmul(hidden));
  const jacobian = third.mmul(gates2).mmul(second).mmul(gates).mmul(first);
  assert.ok(matrixRank(jacobian) > 0);
  assert.ok(matrixRank(jacobian) <= networkRank(network()).bottleneck);
});

test("networkRank flags a spectrum without a gap at the tolerance", () => {
  const crowded = planted(10, 10, [1, 0.1, 1.5e-3, 0.7e-3]);
  const result = networkRank({ crowded, open: planted(10, 10, [1, 0.1, 1e-5]) });
  assert.deepEqual(
    result.layers.map(({ rank, range, clear }) => [rank, range, clear]),
    [
      [3, [2, 4], false],
      [2, [2, 2], true],
    ],
  );
  assert.deepEqual([result.rank, result.range, result.clear], [5, [4, 6], false]);
  assert.equal(networkRank([crowded], { tol: 0.02 }).clear, true);
});

test("networkRank accepts another metric, with or without a tolerance", () => {
  const layers = Object.values(network());
  const stable = networkRank(layers, { metric: stableRank });
  assert.equal(
    stable.rank,
    layers.map(stableRank).reduce((sum, rank) => sum + rank),
  );
  assert.equal(stable.clear, true);
  const counts: number[] = [];
  networkRank([layers[0]!], { tol: 0.1, metric: (_, { tol }) => counts.push(tol) });
  assert.deepEqual(counts, [0.1, 0.2, 0.05]);
});

test("networkRank rejects missing layers, a bias, NaN and a tolerance that is not positive", () => {
  assert.throws(() => networkRank({}), /networkRank: expected at least one layer, got none/);
  assert.throws(
    () => networkRank({ "l1.bias": tf.zeros([4]) }),
    /TypeError: networkRank, layer l1.bias: expected a float32 tensor of two dimensions/,
  );
  assert.throws(
    () => networkRank([Matrix.eye(2), new Matrix([[Number.NaN]])]),
    /RangeError: networkRank, layer 1: expected finite numbers, got NaN/,
  );
  for (const tol of [0, -1, Number.NaN]) {
    assert.throws(
      () => networkRank([Matrix.eye(2)], { tol }),
      /networkRank: tol is .*, expected a number in \(0/,
    );
  }
});
