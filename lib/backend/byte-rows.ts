import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend";
import { nativeBinding } from "./backend";
import { freeMemory } from "./free-memory";
import { tf } from "./tf";

/** TensorFlow's number of the data type uint8, which tfjs lacks. */
const TF_UINT8 = 4;

/**
 * A table of bytes whose rows are read as float32, such as a data set in a quarter of the memory. On TensorFlow the
 * table is an int32 tensor with four bytes in each number, and rows are read by tensor operations alone.
 */
export class ByteRows {
  private packed: tf.Tensor2D | undefined;

  /**
   * @param bytes The table [rows, width], row by row.
   * @param width The number of bytes in a row, ≥ 1.
   * @throws RangeError unless the bytes form whole rows.
   */
  constructor(
    private readonly bytes: Uint8Array,
    private readonly width: number,
  ) {
    if (!(Number.isInteger(width) && width > 0) || bytes.length % width !== 0) {
      throw new RangeError(`${bytes.length} bytes do not form whole rows of ${width} bytes`);
    }
  }

  /**
   * Gathers rows as float32 numbers from 0 to 255.
   *
   * @param indices The row indices [count], int32, each in [0, rows).
   * @returns The rows [count, width].
   * @throws RangeError at the first call on TensorFlow if the tensor does not fit into the free memory.
   */
  take(indices: tf.Tensor1D): tf.Tensor2D {
    return nativeBinding() ? this.unpack(indices) : this.copy(indices.dataSync<"int32">());
  }

  /** Frees the tensor; a later `take` makes it again. */
  dispose(): void {
    this.packed?.dispose();
    this.packed = undefined;
  }

  private unpack(indices: tf.Tensor1D): tf.Tensor2D {
    return tf.tidy(() => {
      this.packed ??= tf.keep(packed(this.bytes, this.width));
      const rows = floatsOfBytes(tf.gather(this.packed, indices));
      const [count, length] = [indices.size, 4 * this.packed.shape[1]];
      return rows.reshape<tf.Tensor2D>([count, length]).slice([0, 0], [count, this.width]);
    });
  }

  private copy(indices: Int32Array): tf.Tensor2D {
    const { bytes, width } = this;
    const values = new Float32Array(indices.length * width);
    for (const [row, index] of indices.entries()) {
      values.set(bytes.subarray(index * width, (index + 1) * width), row * width);
    }
    return tf.tensor2d(values, [indices.length, width]);
  }
}

/** Packs four bytes of a row into each int32, padding the row with zeros: [rows, ⌈width / 4⌉]. */
function packed(bytes: Uint8Array, width: number): tf.Tensor2D {
  const rows = bytes.length / width;
  const free = freeMemory();
  if (bytes.length > free) {
    const [needed, left] = [bytes.length, free].map((count) => `${Math.round(count / 2 ** 20)} MiB`);
    throw new RangeError(
      `a data set of ${rows} rows of ${width} bytes needs ${needed}, but only ${left} of memory is free`,
    );
  }
  const columns = Math.ceil(width / 4);
  const isAligned = width % 4 === 0 && bytes.byteOffset % 4 === 0;
  const all = isAligned ? bytes : padded(bytes, width, 4 * columns);
  return tf.tensor2d(new Int32Array(all.buffer, all.byteOffset, rows * columns), [rows, columns], "int32");
}

function padded(bytes: Uint8Array, width: number, length: number): Uint8Array {
  const rows = bytes.length / width;
  const result = new Uint8Array(rows * length);
  for (let row = 0; row < rows; row++)
    result.set(bytes.subarray(row * width, (row + 1) * width), row * length);
  return result;
}

/** Unpacks the four bytes of each int32 along a new last axis, as float32. */
function floatsOfBytes(integers: tf.Tensor): tf.Tensor {
  const backend = tf.backend() as NodeJSKernelBackend;
  const { binding } = backend;
  const type = binding.TF_ATTR_TYPE;
  const ids = backend["getInputTensorIds"]([integers]);
  const bitcast = [
    { name: "T", type, value: binding.TF_INT32 },
    { name: "type", type, value: TF_UINT8 },
  ];
  const cast = [
    { name: "SrcT", type, value: TF_UINT8 },
    { name: "DstT", type, value: binding.TF_FLOAT },
  ];
  const bytes = binding.executeOp("Bitcast", bitcast, ids, 1)[0]!;
  try {
    return backend["createOutputTensor"](binding.executeOp("Cast", cast, [bytes.id], 1)[0]!);
  } finally {
    binding.deleteTensor(bytes.id);
  }
}
