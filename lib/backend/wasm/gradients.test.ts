import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "ml-matrix";
import { finiteDifferences, relativeError } from "../../linalg/finite-differences";
import { tf } from "../tf";
import { normal, on } from "./testing/agreement";

/** Functions of one tensor of this shape, linear as long as its values keep their signs and order. */
const linear: Record<string, [shape: number[], f: (x: tf.Tensor) => tf.Tensor]> = {
  "a product with respect to its left factor": [[3, 4], (x) => tf.matMul(x, normal([4, 2], 1))],
  "a product with respect to its right factor": [[4, 2], (x) => tf.matMul(normal([4, 3], 1), x, true)],
  "a batch of products": [[2, 3, 4], (x) => tf.matMul(x, normal([2, 4, 2], 1))],
  "a convolution with respect to its images": [
    [1, 5, 5, 2],
    (x) => tf.conv2d(x as tf.Tensor4D, normal<tf.Tensor4D>([3, 3, 2, 2], 1), 1, "same"),
  ],
  "a convolution with respect to its filter": [
    [3, 3, 2, 2],
    (x) => tf.conv2d(normal<tf.Tensor4D>([1, 6, 7, 2], 1), x as tf.Tensor4D, 2, "same"),
  ],
  "maximum pooling": [[1, 4, 6, 2], (x) => tf.maxPool(x as tf.Tensor4D, 2, 2, "valid")],
  "average pooling": [[1, 5, 5, 2], (x) => tf.avgPool(x as tf.Tensor4D, 3, 2, "same")],
  "a ReLU": [[5, 6], tf.relu],
  "a row gathered twice": [[3, 2], (x) => tf.gather(x, tf.tensor1d([2, 0, 2], "int32"))],
};

for (const [title, [shape, f]] of Object.entries(linear)) {
  test(`the gradient of ${title} agrees with finite differences`, () => {
    on("wasm", () => {
      const loss = (x: tf.Tensor) => {
        const y = f(x);
        return y.mul(normal(y.shape as [number], 2)).sum();
      };
      // Distinct values of both signs, 0.2 apart, so that a step of 0.05 changes neither a sign nor a maximum.
      const size = shape.reduce((a, b) => a * b);
      const x = Matrix.rowVector(
        Array.from({ length: size }, (_, i) => 0.2 * (((i * 7 + 3) % size) - size / 2) + 0.1),
      );
      const tensor = () => tf.tensor(x.to1DArray(), shape);
      const numeric = finiteDifferences(() => tf.tidy(() => loss(tensor()).dataSync()[0]!), x, { h: 0.05 });
      const gradient = tf.tidy(() => tf.grad(loss)(tensor()).dataSync());
      assert.ok(relativeError(Matrix.rowVector(gradient), numeric) < 1e-4);
    });
  });
}
