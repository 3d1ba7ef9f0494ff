import type { Matrix } from "ml-matrix";
import { tf } from "../backend/tf";
import { nativeOp } from "./native-op";
import { fromMatrix, scaled, toMatrix } from "./operand";
import { allTimesPowerOfTwo } from "./scale";

/** Options of `matmul`. */
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
  return (
    inTensorFlow(a, b, transposeA, transposeB) ??
    (transposeA ? a.transpose() : a).mmul(transposeB ? b.transpose() : b)
  );
}

/** TensorFlow takes subnormal numbers for zeros, so the factors are scaled. */
function inTensorFlow(a: Matrix, b: Matrix, transposeA: boolean, transposeB: boolean): Matrix | undefined {
  if (tf.getBackend() !== "tensorflow") return undefined;
  const [left, right] = [scaled(fromMatrix(a)), scaled(fromMatrix(b))];
  const flags = { transpose_a: transposeA, transpose_b: transposeB };
  const product = nativeOp("MatMul", [left, right], 1, flags)![0]!;
  const values = allTimesPowerOfTwo(product.values, left.exponent + right.exponent);
  return toMatrix({ ...product, values });
}
