import type { Matrix } from "ml-matrix";
import { nativeOp } from "./native-op";
import { fromMatrix, toMatrix } from "./operand";

export interface MatmulOptions {
  /** Take aᵀ for a. Default: false. */
  transposeA?: boolean;
  /** Take bᵀ for b. Default: false. */
  transposeB?: boolean;
}

/**
 * The product of two matrices in float64, `numpy.matmul(a, b)`, computed by TensorFlow or else by ml-matrix. Tensors
 * have `tf.matMul`.
 *
 * @param a [m, k], or [k, m] where it is transposed.
 * @param b [k, n], or [n, k] where it is transposed.
 * @returns [m, n]
 * @throws RangeError where the inner dimensions differ.
 */
export function matmul(
  a: Matrix,
  b: Matrix,
  { transposeA = false, transposeB = false }: MatmulOptions = {},
): Matrix {
  const inner = [transposeA ? a.rows : a.columns, transposeB ? b.columns : b.rows];
  if (inner[0] !== inner[1]) {
    const shown = (m: Matrix, transposed: boolean) => `[${m.rows}, ${m.columns}]${transposed ? "ᵀ" : ""}`;
    throw new RangeError(
      `matmul: the inner dimensions of ${shown(a, transposeA)} and ${shown(b, transposeB)} differ: ` +
        `${inner[0]} and ${inner[1]}`,
    );
  }
  const flags = { transpose_a: transposeA, transpose_b: transposeB };
  const product = nativeOp("MatMul", [fromMatrix(a), fromMatrix(b)], 1, flags);
  if (product) return toMatrix(product[0]!);
  return (transposeA ? a.transpose() : a).mmul(transposeB ? b.transpose() : b);
}
