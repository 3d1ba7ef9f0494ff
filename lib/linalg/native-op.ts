import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend";
import type { TFEOpAttr, TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding";
import { nativeBinding } from "../backend/backend";
import { tf } from "../backend/tf";
import type { Dense } from "./operand";

/** TensorFlow's number of the data type float64, which the binding supports but does not name. */
const TF_DOUBLE = 2;

declare const handle: unique symbol;

/** The binding's id of a tensor in TensorFlow's memory, branded so that it cannot be mistaken for another number. */
export type TensorHandle = number & { readonly [handle]: true };

/**
 * TensorFlow operations on float32 and float64 matrices that stay in TensorFlow's memory between operations; tfjs
 * itself lacks float64.
 *
 * Float64 values are transferred as the same bits in int64, the only eight-byte type that the binding transfers: it
 * accepts them as pairs of int32 and returns them as BigInts.
 */
export class TensorFlowOps {
  /** The tensors that this object must free, with their shapes. */
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

  /** Sends a matrix and converts it to float64. */
  float64Of(a: Dense): TensorHandle {
    if (a.values instanceof Float64Array) return this.send(a);
    const types = [this.type("SrcT", this.binding.TF_FLOAT), this.type("DstT", TF_DOUBLE)];
    return this.execute("Cast", types, [this.send(a)], 1)[0]!;
  }

  /**
   * Runs an operation.
   *
   * @param name The operation, such as `Svd`, whose attribute `T` is the type of the numbers.
   * @param inputs The input tensors.
   * @param options.outputs The number of outputs. Default: 1.
   * @param options.isFloat64 Whether the type is float64, not float32. Default: true.
   * @param options.flags The boolean attributes. Default: {}.
   * @returns The outputs.
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

  /** Slices a float64 tensor. */
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

  /** Reads the diagonal of a float64 matrix. */
  diagonalOf(matrix: TensorHandle): Float64Array {
    const [diagonal] = this.run("MatrixDiagPart", [matrix]);
    const values = this.read(diagonal!);
    this.release(diagonal!);
    return values;
  }

  /** Copies a float64 matrix with another diagonal. */
  withDiagonal(matrix: TensorHandle, diagonal: Float64Array): TensorHandle {
    const sent = this.sendFloat64(diagonal, [diagonal.length]);
    const [result] = this.run("MatrixSetDiag", [matrix, sent]);
    this.release(sent);
    return result!;
  }

  /** Permutes the rows and columns of a float64 matrix. */
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

  /** Computes the lower Cholesky factor of a float64 matrix; undefined if it is not positive definite. */
  cholesky(matrix: TensorHandle): TensorHandle | undefined {
    try {
      const [l] = this.run("Cholesky", [matrix]);
      if (this.diagonalOf(l!).every((pivot) => pivot > 0)) return l;
    } catch {
      // Some versions of TensorFlow throw where others return NaN.
    }
    return undefined;
  }

  /** Reads a float64 tensor. */
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

  /** Multiplies a float64 matrix by a vector. */
  timesVector(matrix: TensorHandle, vector: Float64Array): Float64Array {
    return this.productWith(vector, true, (column) => this.run("MatMul", [matrix, column])[0]!);
  }

  /** Computes aᵀ·a·v for a matrix a [m, n] with m ≥ n, else a·aᵀ·v, in the matrix's type. */
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

  /** Calls a function and frees the tensors that it makes, except the one that it returns. */
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

/** The handle of a tfjs tensor, which tfjs still owns. */
function heldBy(tensor: tf.Tensor): TensorHandle {
  return (tf.backend() as NodeJSKernelBackend)["getInputTensorIds"]([tensor])[0] as TensorHandle;
}

/** Calls a function with TensorFlow's operations and frees all tensors that it makes; undefined on another backend. */
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
 * Runs one TensorFlow operation on matrices, in the type of the first.
 *
 * @param name The operation, such as `Svd`.
 * @param outputs The number of outputs.
 * @param flags The boolean attributes. Default: {}.
 * @returns The outputs; undefined on another backend than TensorFlow.
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
