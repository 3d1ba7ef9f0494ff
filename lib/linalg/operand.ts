import { Matrix } from "ml-matrix";
import { tf } from "../backend/tf";
import { allTimesPowerOfTwo, exponentOf, largestOf } from "./scale";

/** A matrix, either a float32 tensor of two dimensions or a float64 `Matrix`; results are of the same kind. */
export type Operand = tf.Tensor | Matrix;

/** A matrix as an array in row-major order. */
export interface Dense {
  rows: number;
  columns: number;
  values: Float32Array | Float64Array;
  /** A tensor with the same values, which spares TensorFlow a copy. */
  tensor?: tf.Tensor;
}

/** A matrix divided by 2^exponent so that sums of squares of its entries neither overflow nor underflow. */
export interface Scaled extends Dense {
  exponent: number;
}

/**
 * Reads and checks the entries of a matrix.
 *
 * @param caller The name of the function with which errors begin.
 * @throws TypeError for anything but a float32 tensor of two dimensions or a `Matrix`; RangeError for an empty matrix
 *   or an entry that is not finite.
 */
export function denseOf(matrix: Operand, caller: string): Dense {
  return checked(matrix, caller).dense;
}

/** Reads and checks a matrix like `denseOf`, and scales it for computations with squares of its entries. */
export function scaledOf(matrix: Operand, caller: string): Scaled {
  const { dense, largest } = checked(matrix, caller);
  return scaled(dense, largest);
}

function checked(matrix: Operand, caller: string): { dense: Dense; largest: number } {
  const [rows, columns] = shapeOf(matrix, caller);
  const tensor = matrix instanceof tf.Tensor ? matrix : undefined;
  const values = tensor ? (tensor.dataSync() as Float32Array) : fromMatrix(matrix as Matrix).values;
  const largest = largestOf(values);
  if (Number.isNaN(largest)) {
    const bad = firstNotFinite(values);
    const at = `[${Math.floor(bad / columns)}, ${bad % columns}]`;
    throw new RangeError(`${caller}: expected finite numbers, got ${values[bad]} at ${at}`);
  }
  return { dense: { rows, columns, values, tensor }, largest };
}

/** Scales a matrix; one with entries that are not finite is unchanged. */
export function scaled(dense: Dense, largest = largestOf(dense.values)): Scaled {
  const exponent = exponentOf(largest);
  if (exponent === 0) return { ...dense, exponent };
  const { rows, columns, values } = dense;
  return { rows, columns, values: allTimesPowerOfTwo(values, -exponent), exponent };
}

/**
 * The shape of a matrix, whose entries are not read.
 *
 * @param caller The name of the function with which errors begin.
 * @throws TypeError for anything but a float32 tensor of two dimensions or a `Matrix`; RangeError for an empty matrix.
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

/** The index of the first number that is not finite, or −1. A plain loop is ten times as fast as `findIndex`. */
export function firstNotFinite(values: Float32Array | Float64Array): number {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return -1;
}

/** Makes a matrix of the same kind as `like`. */
export function matrixLike<M extends Operand>(like: M, { rows, columns, values }: Dense): M {
  if (Matrix.isMatrix(like)) return toMatrix({ rows, columns, values }) as unknown as M;
  return tf.tensor2d(new Float32Array(values), [rows, columns]) as unknown as M;
}

/** The row storage of a `Matrix`, which its types do not declare and views of another matrix lack. */
interface RowStorage {
  data?: Float64Array[];
}

/** The rows of a `Matrix`, not copied unless it is a view of another matrix. */
export function rowsOf(matrix: Matrix): Float64Array[] {
  const { data } = matrix as RowStorage;
  return data ?? Array.from({ length: matrix.rows }, (_, i) => Float64Array.from(matrix.getRow(i)));
}

/** Copies a matrix to a `Matrix`. */
export function toMatrix({ rows, columns, values }: Dense): Matrix {
  const matrix = new Matrix(rows, columns);
  for (const [i, row] of rowsOf(matrix).entries()) row.set(values.subarray(i * columns, (i + 1) * columns));
  return matrix;
}

/** Copies the entries of a `Matrix`. */
export function fromMatrix(matrix: Matrix): Dense {
  const { rows, columns } = matrix;
  const values = new Float64Array(rows * columns);
  for (const [i, row] of rowsOf(matrix).entries()) values.set(row, i * columns);
  return { rows, columns, values };
}

function checkTensor(tensor: tf.Tensor, caller: string): void {
  if (tensor instanceof tf.Tensor && tensor.rank === 2 && tensor.dtype === "float32") return;
  const got =
    tensor instanceof tf.Tensor ? `a ${tensor.dtype} tensor [${tensor.shape.join(", ")}]` : typeof tensor;
  throw new TypeError(`${caller}: expected a float32 tensor of two dimensions or a Matrix, got ${got}`);
}
