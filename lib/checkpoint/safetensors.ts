import type { SavedArray, State } from "./state";

/** The arrays that a checkpoint holds, by the name of their type in the format. */
const arrayTypes = {
  F32: Float32Array,
  F64: Float64Array,
  I32: Int32Array,
  U32: Uint32Array,
};
type DType = keyof typeof arrayTypes;

interface Entry {
  dtype: DType;
  shape: number[];
  /** First byte and the one after the last, in what follows the header. */
  data_offsets: [number, number];
}
type Header = Record<string, Entry> & { __metadata__?: Record<string, string> };

const LENGTH_BYTES = 8;
const ALIGNMENT = 8;

/**
 * Arrays and texts in Hugging Face's safetensors format: eight bytes of header length, a JSON header, the numbers in
 * little-endian order. `safetensors.numpy.load_file` of Python reads it.
 */
export function encodeSafetensors(state: State, metadata: Record<string, string>): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const [name, { shape, values }] of Object.entries(state)) {
    const start = end;
    end += values.byteLength;
    header[name] = { dtype: dtypeOf(values), shape, data_offsets: [start, end] };
  }
  const text = Buffer.from(JSON.stringify(header));
  const padding = Buffer.alloc(-text.length & (ALIGNMENT - 1), " ");
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeBigUInt64LE(BigInt(text.length + padding.length));
  const data = Object.values(state).map(({ values }) => bytesOf(values));
  return Buffer.concat([length, text, padding, ...data]);
}

/**
 * Reads what `encodeSafetensors` or another writer of the format wrote.
 *
 * @throws Error for bytes that were cut, or that are no such file, or arrays of a type that checkpoints do not hold.
 */
export function decodeSafetensors(bytes: Uint8Array): { state: State; metadata: Record<string, string> } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < LENGTH_BYTES) throw cut(buffer.length, LENGTH_BYTES);
  const start = LENGTH_BYTES + Number(buffer.readBigUInt64LE());
  if (buffer.length < start) throw cut(buffer.length, start);
  const { __metadata__: metadata = {}, ...entries } = parseHeader(buffer.subarray(LENGTH_BYTES, start));
  const end = start + Math.max(0, ...Object.values(entries).map(({ data_offsets }) => data_offsets[1]));
  if (buffer.length < end) throw cut(buffer.length, end);
  const state = Object.fromEntries(
    Object.entries(entries).map(([name, entry]) => [name, arrayOf(name, entry, buffer.subarray(start))]),
  );
  return { state, metadata };
}

function parseHeader(text: Buffer): Header {
  try {
    return JSON.parse(text.toString());
  } catch {
    throw new Error("its header is no JSON");
  }
}

function cut(bytes: number, expected: number): Error {
  return new Error(`it was cut: it has ${bytes} bytes, expected ${expected} or more`);
}

function arrayOf(name: string, { dtype, shape, data_offsets: [from, to] }: Entry, data: Buffer): SavedArray {
  const ArrayType = arrayTypes[dtype];
  const count = shape.reduce((product, length) => product * length, 1);
  if (!ArrayType || to - from !== count * ArrayType.BYTES_PER_ELEMENT) {
    throw new Error(`"${name}" has ${to - from} bytes of ${dtype} for the shape [${shape.join(", ")}]`);
  }
  // A copy lies where arrays of larger numbers may start.
  const copy = Uint8Array.from(data.subarray(from, to));
  return { shape, values: new ArrayType(copy.buffer) };
}

function dtypeOf(values: SavedArray["values"]): string {
  return Object.entries(arrayTypes).find(([, ArrayType]) => values instanceof ArrayType)![0];
}

function bytesOf({ buffer, byteOffset, byteLength }: SavedArray["values"]): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
