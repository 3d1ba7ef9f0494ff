import { Matrix } from "ml-matrix";
import { tf } from "../backend/tf";

/** A matrix: a float32 tensor of two dimensions or a float64 `Matrix`. What is computed from it is of its kind. */
export type Operand = tf.Tensor | Matrix;

/** A matrix as plain numbers, row by row. */
export interface Dense {
  rows: number;
  columns: number;
  values: Float32Array | Float64Array;
}

/**
 * The numbers of a matrix.
 *
 * @param caller What they are for, as the errors name it.
 * @throws TypeError for anything but a matrix of float32 or float64; RangeError for an empty one, and for one that
 *   holds something that is not finite.
 */
export function denseOf(matrix: Operand, caller: string): Dense {
  const [rows, columns] = shapeOf(matrix, caller);
  const values =
    matrix instanceof tf.Tensor ? (matrix.dataSync() as Float32Array) : fromMatrix(matrix).values;
  const bad = firstNotFinite(values);
  if (bad >= 0) {
    const at = `[${Math.floor(bad / columns)}, ${bad % columns}]`;
    throw new RangeError(`${caller}: expected finite numbers, got ${values[bad]} at ${at}`);
  }
  return { rows, columns, values };
}

/**
 * The shape of a matrix, without a look at its numbers.
 *
 * @throws TypeError for anything but a matrix of float32 or float64; RangeError for an empty one.
 */
export function shapeOf(matrix: Operand, caller: string): [number, number] {
  if (!Matrix.isMatrix(matrix)) checkTensor(matrix as tf.Tensor, caller);
  const [rows, columns] =
    matrix instanceof tf.Tensor ? (matrix.shape as [number, number]) : [matrix.rows, matrix.columns];
  if (rows * columns === 0) {
    throw new RangeError(`${caller}: expected a matrix, got an empty one, [${rows}, ${columns}]`);
  }
  return [rows, columns];
}

/** Where the first number is that is infinite or NaN, or −1. A plain loop: `findIndex` takes ten times as long. */
export function firstNotFinite(values: Float32Array | Float64Array): number {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return -1;
}

/** A matrix of the kind that `like` is. */
export function matrixLike<M extends Operand>(like: M, { rows, columns, values }: Dense): M {
  if (Matrix.isMatrix(like)) return toMatrix({ rows, columns, values }) as unknown as M;
  return tf.tensor2d(new Float32Array(values), [rows, columns]) as unknown as M;
}

/** The rows of a `Matrix`, which its types do not show; a view of another matrix has none. */
interface RowStorage {
  data?: Float64Array[];
}

/** A float64 copy. */
export function toMatrix({ rows, columns, values }: Dense): Matrix {
  const matrix = new Matrix(rows, columns);
  const { data } = matrix as RowStorage;
  for (let i = 0; i < rows; i++) data![i]!.set(values.subarray(i * columns, (i + 1) * columns));
  return matrix;
}

/** The numbers of a `Matrix`. */
export function fromMatrix(matrix: Matrix): Dense {
  const { rows, columns } = matrix;
  const { data } = matrix as RowStorage;
  const values = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) values.set(data?.[i] ?? matrix.getRow(i), i * columns);
  return { rows, columns, values };
}

function checkTensor(tensor: tf.Tensor, caller: string): void {
  if (tensor instanceof tf.Tensor && tensor.rank === 2 && tensor.dtype === "float32") return;
  const got =
    tensor instanceof tf.Tensor ? `a ${tensor.dtype} tensor [${tensor.shape.join(", ")}]` : typeof tensor;
  throw new TypeError(`${caller}: expected a float32 tensor of two dimensions or a Matrix, got ${got}`);
}
