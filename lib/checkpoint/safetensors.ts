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
/** The longest header that the reference reader takes. */
const MAX_HEADER_BYTES = 100_000_000;

/**
 * Encodes arrays and texts in Hugging Face's safetensors format: eight bytes of header length, a JSON header, then
 * the numbers in little-endian order, array after array. `safetensors.numpy.load` of Python reads it.
 *
 * @param state Arrays of float32, float64, int32 or uint32 by name.
 * @param metadata Texts by name.
 * @throws SafetensorsError for what a reader would refuse: another type, a shape that does not fit its values, names
 *   or texts that are not valid Unicode, a header above 100 MB.
 */
export function encodeSafetensors(state: State, metadata: Record<string, string>): Uint8Array {
  checkMetadata(metadata);
  // Written member by member: an object of all members would take a name like "0" or "__proto__" its own way.
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
 * Departures: keys that occur twice, and a header that starts with white space, are refused as the format asks;
 * integers above 2^53 - 1, and element types other than float32, float64, int32 and uint32, are not supported.
 *
 * @returns The arrays, as copies, by increasing position in the file, and the metadata, empty where there is none.
 * @throws SafetensorsError that says what was found and what was expected.
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
    // A copy starts where arrays of any type may start.
    const copy = Uint8Array.from(data.subarray(start, end));
    return [name, { shape, values: new arrayTypes[dtype](copy.buffer) }];
  });
  return { state: Object.fromEntries(arrays), metadata };
}

const member = (key: string, value: unknown) => `${JSON.stringify(key)}:${JSON.stringify(value)}`;

function cut(bytes: number, expected: number): SafetensorsError {
  return new SafetensorsError(`it was cut: it has ${bytes} bytes, expected ${expected} or more`);
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

/** The array's dtype, once the array is known to be one that the format can hold under that name. */
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

/** UTF-8 has no lone surrogates: they would come back as something else. */
function checkUnicode(text: string): void {
  if (Buffer.from(text).toString() !== text) {
    throw new SafetensorsError(`the text ${JSON.stringify(text.slice(0, 60))} is not valid Unicode`);
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: SavedArray["values"]): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
