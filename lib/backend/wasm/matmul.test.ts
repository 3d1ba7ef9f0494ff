import { test } from "node:test";
import { tf } from "../tf";
import { assertAgreement, normal } from "./testing/agreement";

const bothWays = [false, true];

/** A factor of the given size, stored as its transpose if the product is to transpose it. */
const factor = (rows: number, columns: number, transposed: boolean, seed: number) =>
  normal<tf.Tensor2D>(transposed ? [columns, rows] : [rows, columns], seed);

for (const transposeA of bothWays) {
  for (const transposeB of bothWays) {
    test(`products of matrices agree with the cpu backend for transposeA ${transposeA}, transposeB ${transposeB}`, () => {
      for (const [rows, shared, columns] of [
        [4, 5, 3],
        [1, 60, 7],
        [60, 7, 1],
        [3, 50, 2],
        [40, 2, 30],
      ] as const) {
        assertAgreement(() => [
          tf.matMul(
            factor(rows, shared, transposeA, 1),
            factor(shared, columns, transposeB, 2),
            transposeA,
            transposeB,
          ),
        ]);
      }
    });

    test(`batched products agree with the cpu backend for transposeA ${transposeA}, transposeB ${transposeB}`, () => {
      const a = (): tf.Tensor3D => normal<tf.Tensor3D>(transposeA ? [2, 5, 4] : [2, 4, 5], 1);
      const b = (): tf.Tensor3D => normal<tf.Tensor3D>(transposeB ? [2, 3, 5] : [2, 5, 3], 2);
      assertAgreement(() => [tf.matMul(a(), b(), transposeA, transposeB)]);
      assertAgreement(() => tf.grads((x, y) => tf.matMul(x, y, transposeA, transposeB).square())([a(), b()]));
    });
  }
}

test("the gradients of a product of matrices agree with the cpu backend", () => {
  const product = tf.grads((a, b) => tf.matMul(a, b).square());
  assertAgreement(() => product([normal([4, 5], 1), normal([5, 3], 2)]));
  assertAgreement(() => product([normal([300, 4], 1), normal([4, 1], 2)]));
});
