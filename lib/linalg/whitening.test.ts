import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "ml-matrix";
import { allDigits, loadMnist } from "../data/mnist";
import { oneHot } from "../data/one-hot";
import reference from "../models/linear/fixtures/linear-network.json";
import { covariances } from "../models/linear/linear-network-covariances";
import { RandomState } from "../random/numpy";
import { whiten } from "./whitening";
import "../notebook/use-environment";

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i]! - expected[i]!);
    assert.ok(error <= tolerance, `entry ${i} is ${actual[i]}, expected ${expected[i]} within ${tolerance}`);
  }
}

test("the whitening of all 70,000 digits agrees with the original's |C31| to 12 digits", async () => {
  const digits = allDigits(await loadMnist());
  const { X, eigenvalues, projection, mean } = whiten(digits.images, { components: 100 });
  assert.deepEqual([X.rows, X.columns], [70000, 100]);
  assert.deepEqual([projection.rows, projection.columns, mean.length], [784, 100, 784]);
  assertClose(eigenvalues.slice(0, 5), reference.eigenvalues_first5, 1e-12);
  assertClose(X.getRow(0).slice(0, 5), reference.whitened_first_row_first5, 1e-10);

  const { C11, C31, C33 } = covariances(X, oneHot(digits.labels, 10).mul(2).sub(1));
  const originallyPrinted = 1.3984750918285602;
  assertClose([C31.norm()], [originallyPrinted], 1e-12);
  assertClose(C31.getRow(0).slice(0, 5), reference.C31_row0_first5, 1e-11);
  assertClose([C11.norm(), C33.norm()], [reference.norm_C11, reference.norm_C33], 1e-11);
  const identity = Matrix.eye(100);
  assertClose(C11.to1DArray(), identity.to1DArray(), 1e-11);
});

/** Twenty images of five pixels, of which the third is always black. */
const small = new RandomState(0).rand(20, 5).map((ink, i) => (i % 5 === 2 ? 0 : Math.floor(256 * ink)));
const bytes = Uint8Array.from(small);

test("whitened images have mean 0 and the identity as covariance", () => {
  const { X } = whiten(bytes, { components: 4, features: 5 });
  assertClose(X.mean("column"), [0, 0, 0, 0], 1e-14);
  const covariance = X.transpose().mmul(X).div(20);
  assertClose(covariance.to1DArray(), Matrix.eye(4).to1DArray(), 1e-13);
});

test("inverting the projection recovers the images if all components are kept", () => {
  const { X, eigenvalues, projection, mean } = whiten(bytes, { components: 4, features: 5 });
  const unproject = Matrix.diag(eigenvalues).mmul(projection.transpose());
  const pixels = X.mmul(unproject).addRowVector(mean).mul(255);
  assertClose(pixels.to1DArray(), bytes, 1e-10);
});

test("the entry of largest magnitude of each eigenvector is positive", () => {
  const { projection } = whiten(bytes, { components: 4, features: 5 });
  for (let c = 0; c < 4; c++) {
    const column = projection.getColumn(c);
    assert.equal(Math.max(...column), Math.max(...column.map(Math.abs)));
  }
});

test("whiten rejects more components than directions with variance, and incomplete images", () => {
  const twins = Uint8Array.of(1, 1, 9, 9, 4, 4);
  assert.throws(
    () => whiten(bytes, { components: 5, features: 5 }),
    /5 components .* vary in only 4 directions/,
  );
  assert.throws(
    () => whiten(twins, { components: 2, features: 2 }),
    /2 components .* vary in only 1 directions/,
  );
  assert.throws(
    () => whiten(bytes, { components: 0, features: 5 }),
    /components is 0, expected an integer ≥ 1/,
  );
  assert.throws(
    () => whiten(bytes, { components: 2, features: 7 }),
    /whole images of 7 pixels, got 100 bytes/,
  );
});
