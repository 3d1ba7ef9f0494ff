import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../../backend/tf";
import { RandomState } from "../../random/numpy";
import { perceptron } from "./architecture";
import { checkProjection, makeProjection, type ProjectionKind } from "./make-projection";
import { initialTheta } from "./subspace-layout";
import { SubspaceNet } from "./subspace-net";

const architecture = perceptron([4, 5, 3, 2]);
const theta = initialTheta(new RandomState(1), { sizes: [4, 5, 3, 2], deviations: [0.5, 0.5, 0.5] });

for (const kind of ["dense", "sparse", "fastfood"] as const) {
  for (const affine of [false, true]) {
    const form = affine ? "θ₀ + Pω" : "Pω";
    test(`a network starts at its θ with a ${kind} projection in the form ${form}, also in one dimension`, () => {
      for (const dimension of [1, 7]) {
        const projection = makeProjection(kind, dimension, theta, new RandomState(2), { affine });
        assert.deepEqual([projection.dimension, projection.size], [dimension, theta.length]);
        const net = new SubspaceNet(theta, { architecture, projection, affine });
        const error = tf.tidy(
          () =>
            net
              .theta()
              .sub(tf.tensor1d(Float32Array.from(theta)))
              .abs()
              .max()
              .dataSync()[0]!,
        );
        assert.ok(error < 1e-6, `${error}`);
        net.dispose();
      }
    });
  }
}

test("rejects an unknown kind, a dimension out of range and a P too large for memory", () => {
  const size = 199_210;
  assert.throws(
    () => checkProjection("wavelet" as ProjectionKind, 10, size),
    /expected "dense", "sparse", "fastfood" as projection, got "wavelet"/,
  );
  for (const dimension of [0, -3, 2.5, size + 1]) {
    for (const kind of ["dense", "sparse", "fastfood"] as const) {
      assert.throws(
        () => checkProjection(kind, dimension, size),
        /the dimension of ω is .*, expected an integer from 1 to 199210/,
      );
    }
  }
  assert.throws(
    () => checkProjection("dense", size, size),
    /a dense P \[199210, 199210\] takes 147\.8 GiB, but only .* is free; a Fastfood projection would fit/,
  );
  checkProjection("fastfood", 20_000, size);
});
