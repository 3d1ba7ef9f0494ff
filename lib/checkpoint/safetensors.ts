import {
  arrayTypes,
  isNaturals,
  METADATA,
  parseHeader,
  SafetensorsError,
  sizeOf,
} from "./safetensors-header";
import type { SavedArray, State } from "./state";

export { SafetensorsError };

const LENGTH_BYTES = 8;
const ALIGNMENT = 8;
/** The longest header that the reference reader accepts. */
const MAX_HEADER_BYTES = 100_000_000;

/**
 * Encodes arrays and texts in Hugging Face's safetensors format: eight bytes of header length, a JSON header, then
 * the values in little-endian order, array after array. Python reads it with `safetensors.numpy.load`.
 *
 * @param state Arrays of float32, float64, int32 or uint32 by name.
 * @param metadata Texts by name.
 * @returns The bytes of the file.
 * @throws SafetensorsError for contents that a reader would reject: another element type, a shape that does not match
 *   the number of values, names or texts that are not valid Unicode, a header above 100 MB.
 */
export function encodeSafetensors(state: State, metadata: Record<string, string>): Uint8Array {
  checkMetadata(metadata);
  // Written member by member: a JavaScript object treats keys such as "0" and "__proto__" specially.
  const members = [member(METADATA, metadata)];
  let end = 0;
  for (const [name, array] of Object.entries(state)) {
    const start = end;
    end += array.values.byteLength;
    members.push(
      member(name, { dtype: dtypeOf(name, array), shape: array.shape, data_offsets: [start, end] }),
    );
  }
  const text = Buffer.from(`{${members.join(",")}}`);
  const padding = Buffer.alloc(-text.length & (ALIGNMENT - 1), " ");
  const headerBytes = text.length + padding.length;
  if (headerBytes > MAX_HEADER_BYTES) throw headerTooLong(headerBytes);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeBigUInt64LE(BigInt(headerBytes));
  const data = Object.values(state).map(({ values }) => bytesOf(values));
  return Buffer.concat([length, text, padding, ...data]);
}

/**
 * Decodes a safetensors file as strictly as the reference reader (`SafeTensors::deserialize` of the Rust crate).
 *
 * Departures from the reference: duplicate keys and a header that starts with white space are rejected, as the format
 * requires; integers above 2^53 - 1, and element types other than float32, float64, int32 and uint32, are unsupported.
 *
 * @param bytes The file's contents.
 * @returns Copies of the arrays, in the order of their positions in the file, and the metadata, which may be empty.
 * @throws SafetensorsError for an invalid or unsupported file.
 */
export function decodeSafetensors(bytes: Uint8Array): { state: State; metadata: Record<string, string> } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < LENGTH_BYTES) throw cut(buffer.length, LENGTH_BYTES);
  const headerBytes = Number(buffer.readBigUInt64LE());
  if (headerBytes > MAX_HEADER_BYTES) throw headerTooLong(headerBytes);
  const start = LENGTH_BYTES + headerBytes;
  if (buffer.length < start) throw cut(buffer.length, start);
  const data = buffer.subarray(start);
  const { entries, metadata } = parseHeader(buffer.subarray(LENGTH_BYTES, start), data.length);
  const arrays = entries.map(({ name, dtype, shape, start, end }): [string, SavedArray] => {
    // Typed arrays must be aligned to their element size, which a copy always is.
    const copy = Uint8Array.from(data.subarray(start, end));
    return [name, { shape, values: new arrayTypes[dtype](copy.buffer) }];
  });
  return { state: Object.fromEntries(arrays), metadata };
}

const member = (key: string, value: unknown) => `${JSON.stringify(key)}:${JSON.stringify(value)}`;

function cut(bytes: number, expected: number): SafetensorsError {
  return new SafetensorsError(`it is truncated: it has ${bytes} bytes, expected at least ${expected}`);
}

function headerTooLong(bytes: number): SafetensorsError {
  return new SafetensorsError(`its header has ${bytes} bytes, expected at most ${MAX_HEADER_BYTES}`);
}

function checkMetadata(metadata: Record<string, string>): void {
  for (const [key, value] of Object.entries(metadata)) {
    checkUnicode(key);
    if (typeof value !== "string") {
      throw new SafetensorsError(
        `the metadata ${JSON.stringify(key)} is of type ${typeof value}, expected a string`,
      );
    }
    checkUnicode(value);
  }
}

/** Checks that the format can represent an array under its name, and returns its dtype. */
function dtypeOf(name: string, { shape, values }: SavedArray): string {
  checkUnicode(name);
  if (name === METADATA) throw new SafetensorsError(`no tensor can have the name ${METADATA}`);
  const [dtype] = Object.entries(arrayTypes).find(([, ArrayType]) => values instanceof ArrayType) ?? [];
  if (!dtype) {
    const supported = Object.values(arrayTypes).map((ArrayType) => ArrayType.name);
    throw new SafetensorsError(
      `the tensor ${JSON.stringify(name)} is of type ${typeName(values)}, expected one of ${supported.join(", ")}`,
    );
  }
  if (!isNaturals(shape) || sizeOf(shape) !== values.length) {
    throw new SafetensorsError(
      `the tensor ${JSON.stringify(name)} has ${values.length} values for the shape ${JSON.stringify(shape)}`,
    );
  }
  return dtype;
}

function typeName(value: unknown): string {
  return (value as object | undefined)?.constructor?.name ?? `${value}`;
}

/** Rejects lone surrogates, which UTF-8 cannot encode. */
function checkUnicode(text: string): void {
  if (Buffer.from(text).toString() !== text) {
    throw new SafetensorsError(`the text ${JSON.stringify(text.slice(0, 60))} is not valid Unicode`);
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: SavedArray["values"]): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
