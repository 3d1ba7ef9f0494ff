import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend";
import { nativeBinding } from "./backend";
import { freeMemory } from "./free-memory";
import { tf } from "./tf";

/** TensorFlow's number for bytes, which tfjs has no type for. */
const TF_UINT8 = 4;

/**
 * A table of bytes whose rows are taken as float32: a data set in a quarter of the memory. On TensorFlow it is a
 * tensor, of four bytes in an int32, and taking rows is tensor operations only.
 */
export class ByteRows {
  private packed: tf.Tensor2D | undefined;

  /**
   * @param bytes [rows, width], row by row.
   * @throws RangeError unless they are whole rows.
   */
  constructor(
    private readonly bytes: Uint8Array,
    private readonly width: number,
  ) {
    if (!(Number.isInteger(width) && width > 0) || bytes.length % width !== 0) {
      throw new RangeError(`${bytes.length} bytes are no rows of ${width}`);
    }
  }

  /**
   * Some rows, from 0 to 255, [indices, width].
   *
   * @param indices int32, rows that there are.
   * @throws RangeError at the first call where the memory does not hold the tensor.
   */
  take(indices: tf.Tensor1D): tf.Tensor2D {
    return nativeBinding() ? this.unpack(indices) : this.copy(indices.dataSync<"int32">());
  }

  /** Frees the tensor; it is made anew where it is needed again. */
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

/** Rows of four bytes in an int32, the last filled up with zeros. */
function packed(bytes: Uint8Array, width: number): tf.Tensor2D {
  const rows = bytes.length / width;
  const free = freeMemory();
  if (bytes.length > free) {
    const [needed, left] = [bytes.length, free].map((count) => `${Math.round(count / 2 ** 20)} MiB`);
    throw new RangeError(
      `a data set of ${rows} rows of ${width} bytes takes ${needed}, of which ${left} is free`,
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

/** The four bytes of each int32 along a new last axis. */
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
