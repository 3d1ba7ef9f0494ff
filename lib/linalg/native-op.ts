import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend";
import type { TFEOpAttr, TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding";
import { nativeBinding } from "../backend/backend";
import { tf } from "../backend/tf";
import type { Dense } from "./operand";

/** TensorFlow's number for float64, which the binding handles but does not name. */
const TF_DOUBLE = 2;

declare const handle: unique symbol;

/** The binding's number of a tensor in TensorFlow's memory: a number that arithmetic and sizes are not taken for. */
export type TensorHandle = number & { readonly [handle]: true };

/**
 * TensorFlow's operations on float32 and float64 matrices that stay with TensorFlow from one to the next; tfjs has no
 * float64.
 *
 * Float64 goes in and out as the same bits in int64, the one eight-byte type that the binding passes on: it takes
 * them as pairs of int32, and gives them as BigInts.
 */
export class TensorFlowOps {
  /** What is to be freed, with its shape. */
  private readonly held = new Map<TensorHandle, number[]>();

  constructor(private readonly binding: TFJSBinding) {}

  send({ rows, columns, values, tensor }: Dense): TensorHandle {
    if (tensor) return heldBy(tensor);
    if (values instanceof Float32Array) return this.create([rows, columns], this.binding.TF_FLOAT, values);
    return this.sendFloat64(values, [rows, columns]);
  }

  sendFloat64(values: Float64Array, shape: number[]): TensorHandle {
    const bits = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
    const integers = this.create(shape, this.binding.TF_INT64, bits);
    const id = this.bitcast(integers, this.binding.TF_INT64, TF_DOUBLE);
    this.release(integers);
    return id;
  }

  /** A matrix in float64. */
  float64Of(a: Dense): TensorHandle {
    if (a.values instanceof Float64Array) return this.send(a);
    const types = [this.type("SrcT", this.binding.TF_FLOAT), this.type("DstT", TF_DOUBLE)];
    return this.execute("Cast", types, [this.send(a)], 1)[0]!;
  }

  /**
   * @param name The operation, such as `Svd`: its attribute `T` is the type of the numbers.
   * @param flags Its attributes that are true or false.
   */
  run(
    name: string,
    inputs: TensorHandle[],
    {
      outputs = 1,
      isFloat64 = true,
      flags = {},
    }: { outputs?: number; isFloat64?: boolean; flags?: Record<string, boolean> } = {},
  ): TensorHandle[] {
    const T = this.type("T", isFloat64 ? TF_DOUBLE : this.binding.TF_FLOAT);
    const attributes = Object.entries(flags).map(([flag, value]) => ({
      name: flag,
      type: this.binding.TF_ATTR_BOOL,
      value,
    }));
    return this.execute(name, [T, ...attributes], inputs, outputs);
  }

  /** The part of a float64 tensor that begins at `begin`. */
  slice(tensor: TensorHandle, begin: number[], size: number[]): TensorHandle {
    const { TF_INT32 } = this.binding;
    const [from, extent] = [begin, size].map((list) =>
      this.create([list.length], TF_INT32, Int32Array.from(list)),
    );
    const types = [this.type("T", TF_DOUBLE), this.type("Index", TF_INT32)];
    const [part] = this.execute("Slice", types, [tensor, from!, extent!], 1);
    this.release(from!, extent!);
    return part!;
  }

  /** The diagonal of a float64 matrix. */
  diagonalOf(matrix: TensorHandle): Float64Array {
    const [diagonal] = this.run("MatrixDiagPart", [matrix]);
    const values = this.read(diagonal!);
    this.release(diagonal!);
    return values;
  }

  /** A float64 matrix with another diagonal. */
  withDiagonal(matrix: TensorHandle, diagonal: Float64Array): TensorHandle {
    const sent = this.sendFloat64(diagonal, [diagonal.length]);
    const [result] = this.run("MatrixSetDiag", [matrix, sent]);
    this.release(sent);
    return result!;
  }

  /** A float64 matrix with its rows and columns in another order. */
  reordered(matrix: TensorHandle, order: Int32Array): TensorHandle {
    const { TF_INT32 } = this.binding;
    const types = [
      this.type("Tparams", TF_DOUBLE),
      this.type("Tindices", TF_INT32),
      this.type("Taxis", TF_INT32),
    ];
    const attributes = [{ name: "batch_dims", type: this.binding.TF_ATTR_INT, value: 0 }, ...types];
    const indices = this.create([order.length], TF_INT32, order);
    return this.tidy(() =>
      [0, 1].reduce<TensorHandle>((result, axis) => {
        const along = this.create([], TF_INT32, Int32Array.of(axis));
        return this.execute("GatherV2", attributes, [result, indices, along], 1)[0]!;
      }, matrix),
    );
  }

  /** The lower Cholesky factor of a float64 matrix, or undefined where it is not positive definite. */
  cholesky(matrix: TensorHandle): TensorHandle | undefined {
    try {
      const [l] = this.run("Cholesky", [matrix]);
      if (this.diagonalOf(l!).every((pivot) => pivot > 0)) return l;
    } catch {
      // Some versions of TensorFlow throw where others answer with NaN.
    }
    return undefined;
  }

  /** The numbers of a float64 tensor. */
  read(tensor: TensorHandle): Float64Array {
    const integers = this.bitcast(tensor, TF_DOUBLE, this.binding.TF_INT64);
    const bits = this.binding.tensorDataSync(integers);
    this.release(integers);
    return new Float64Array(bits.buffer, bits.byteOffset, bits.byteLength / 8);
  }

  readFloat32(tensor: TensorHandle): Float32Array {
    return this.binding.tensorDataSync(tensor) as Float32Array;
  }

  shapeOf(tensor: TensorHandle): number[] {
    return this.held.get(tensor)!;
  }

  /** The product of a float64 matrix and a vector. */
  timesVector(matrix: TensorHandle, vector: Float64Array): Float64Array {
    return this.productWith(vector, true, (column) => this.run("MatMul", [matrix, column])[0]!);
  }

  /** aᵀ·a·v for a matrix a [m, n] that is at least as tall as wide, else a·aᵀ·v, in the type of its numbers. */
  gramTimesVector(a: TensorHandle, { rows, columns, values }: Dense, vector: Float64Array): Float64Array {
    const isFloat64 = values instanceof Float64Array;
    const tall = rows >= columns;
    const times = (column: TensorHandle, transposed: boolean) => {
      const flags = { transpose_a: transposed, transpose_b: false };
      return this.run("MatMul", [a, column], { isFloat64, flags })[0]!;
    };
    return this.productWith(vector, isFloat64, (column) => times(times(column, !tall), tall));
  }

  private productWith(
    vector: Float64Array,
    isFloat64: boolean,
    multiply: (column: TensorHandle) => TensorHandle,
  ): Float64Array {
    const values = isFloat64 ? vector : new Float32Array(vector);
    const product = this.tidy(() => multiply(this.send({ rows: vector.length, columns: 1, values })));
    const numbers = isFloat64 ? this.read(product) : Float64Array.from(this.readFloat32(product));
    this.release(product);
    return numbers;
  }

  /** Does some work and frees what that made, but for the tensor it returns. */
  tidy(work: () => TensorHandle): TensorHandle {
    const before = new Set(this.held.keys());
    const result = work();
    this.release(...[...this.held.keys()].filter((tensor) => tensor !== result && !before.has(tensor)));
    return result;
  }

  release(...tensors: TensorHandle[]): void {
    for (const tensor of tensors) {
      if (this.held.delete(tensor)) this.binding.deleteTensor(tensor);
    }
  }

  releaseAll(): void {
    this.release(...this.held.keys());
  }

  private create(shape: number[], type: number, values: Float32Array | Int32Array): TensorHandle {
    return this.own(this.binding.createTensor(shape, type, values), shape);
  }

  private execute(
    name: string,
    attributes: TFEOpAttr[],
    inputs: TensorHandle[],
    outputs: number,
  ): TensorHandle[] {
    return this.binding
      .executeOp(name, attributes, inputs, outputs)
      .map(({ id, shape }) => this.own(id, shape));
  }

  private bitcast(tensor: TensorHandle, from: number, to: number): TensorHandle {
    return this.execute("Bitcast", [this.type("T", from), this.type("type", to)], [tensor], 1)[0]!;
  }

  private type(name: string, value: number): TFEOpAttr {
    return { name, type: this.binding.TF_ATTR_TYPE, value };
  }

  private own(id: number, shape: number[]): TensorHandle {
    this.held.set(id as TensorHandle, shape);
    return id as TensorHandle;
  }
}

/** TensorFlow's tensor behind one of tfjs, which keeps it. */
function heldBy(tensor: tf.Tensor): TensorHandle {
  return (tf.backend() as NodeJSKernelBackend)["getInputTensorIds"]([tensor])[0] as TensorHandle;
}

/** Does some work with TensorFlow and frees what that made; undefined where the backend is not native. */
export function onNative<Result>(work: (native: TensorFlowOps) => Result): Result | undefined {
  const binding = nativeBinding();
  if (!binding) return undefined;
  const native = new TensorFlowOps(binding);
  try {
    return work(native);
  } finally {
    native.releaseAll();
  }
}

/**
 * The result of one of TensorFlow's operations on matrices, in float32 or float64 as the matrices are; undefined where
 * the backend is not native. Parameters are those of `TensorFlowOps.run`.
 */
export function nativeOp(
  name: string,
  inputs: Dense[],
  outputs: number,
  flags: Record<string, boolean> = {},
): Dense[] | undefined {
  return onNative((native) => {
    const isFloat64 = inputs[0]!.values instanceof Float64Array;
    const sent = inputs.map((input) => native.send(input));
    return native.run(name, sent, { outputs, isFloat64, flags }).map((id) => {
      const shape = native.shapeOf(id);
      const [rows, columns] = shape.length === 2 ? (shape as [number, number]) : [1, shape[0] ?? 1];
      return { rows, columns, values: isFloat64 ? native.read(id) : native.readFloat32(id) };
    });
  });
}
