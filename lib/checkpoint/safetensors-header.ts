import { parseStrictJson } from "./strict-json";

/** The supported element types by their names in the format. */
export const arrayTypes = {
  F32: Float32Array,
  F64: Float64Array,
  I32: Int32Array,
  U32: Uint32Array,
};

/** A tensor's entry in the header. */
export interface Entry {
  name: string;
  dtype: keyof typeof arrayTypes;
  shape: number[];
  /** The offset of the tensor's first byte in the data after the header. */
  start: number;
  /** The offset after the tensor's last byte. */
  end: number;
}

/** The parsed header of a safetensors file. */
export interface Header {
  /** In the order of their positions in the data. */
  entries: Entry[];
  metadata: Record<string, string>;
}

/** Thrown for bytes that are not a valid safetensors file, or for arrays and texts that the format cannot represent. */
export class SafetensorsError extends Error {}

/** The header's key of the metadata, which no tensor can have as its name. */
export const METADATA = "__metadata__";

/**
 * Reads the header of a safetensors file.
 *
 * @param bytes The header without its length, as UTF-8.
 * @param dataBytes The number of bytes that follow the header.
 * @throws SafetensorsError unless the header follows the format and its tensors cover the data without gap or overlap.
 */
export function parseHeader(bytes: Uint8Array, dataBytes: number): Header {
  const object = parseObject(bytes);
  const tensors = Object.entries(object).filter(([name]) => name !== METADATA);
  const entries = tensors.map(([name, tensor]) => entryOf(name, tensor));
  entries.sort((a, b) => a.start - b.start || a.end - b.end);
  checkCoverage(entries, dataBytes);
  return { entries, metadata: metadataOf(object[METADATA]) };
}

function parseObject(bytes: Uint8Array): Record<string, unknown> {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new SafetensorsError("its header is not UTF-8");
  }
  if (!text.startsWith("{")) {
    throw new SafetensorsError(`its header starts with ${JSON.stringify(text.slice(0, 1))}, expected "{"`);
  }
  try {
    return parseStrictJson(text) as Record<string, unknown>;
  } catch (error) {
    throw new SafetensorsError(`its header ${(error as Error).message}`);
  }
}

function metadataOf(metadata: unknown): Record<string, string> {
  // The reference reader treats null as absent.
  if (metadata === undefined || metadata === null) return {};
  if (!isObject(metadata)) {
    throw new SafetensorsError(`its ${METADATA} is ${brief(metadata)}, expected an object of strings`);
  }
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== "string") {
      throw new SafetensorsError(
        `its ${METADATA} has ${brief(value)} for ${JSON.stringify(key)}, expected a string`,
      );
    }
  }
  return metadata as Record<string, string>;
}

function entryOf(name: string, tensor: unknown): Entry {
  const fail = (field: string, found: unknown, expected: string): never => {
    const has = found === undefined ? `no ${field}` : `the ${field} ${brief(found)}`;
    throw new SafetensorsError(`the tensor ${JSON.stringify(name)} has ${has}, expected ${expected}`);
  };
  if (!isObject(tensor)) return fail("entry", tensor, "an object");
  const own = (key: string) => (Object.hasOwn(tensor, key) ? tensor[key] : undefined);
  const [dtype, shape, offsets] = [own("dtype"), own("shape"), own("data_offsets")];
  if (!isDtype(dtype)) return fail("dtype", dtype, `one of ${Object.keys(arrayTypes).join(", ")}`);
  if (!isNaturals(shape)) return fail("shape", shape, "an array of non-negative integers");
  if (!isNaturals(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!) {
    return fail("data_offsets", offsets, "two non-negative integers in increasing order");
  }
  const [start, end] = offsets as [number, number];
  const size = sizeOf(shape) * arrayTypes[dtype].BYTES_PER_ELEMENT;
  if (end - start !== size) {
    const found = `${end - start} bytes of ${dtype}`;
    throw new SafetensorsError(
      `the tensor ${JSON.stringify(name)} has ${found} for the shape ${brief(shape)}, expected ${size}`,
    );
  }
  return { name, dtype, shape, start, end };
}

/** The number of elements in a shape; Infinity if a partial product overflows the format's 64 bits. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const length of shape) {
    size *= length;
    if (size >= 2 ** 64) return Number.POSITIVE_INFINITY;
  }
  return size;
}

function checkCoverage(entries: Entry[], dataBytes: number): void {
  let end = 0;
  for (const entry of entries) {
    if (entry.start !== end) {
      throw new SafetensorsError(
        `the tensor ${JSON.stringify(entry.name)} starts at byte ${entry.start} of the data, expected ${end}: ` +
          "tensors must follow one another without gap or overlap",
      );
    }
    end = entry.end;
  }
  if (end > dataBytes) {
    throw new SafetensorsError(`it is truncated: it has ${dataBytes} bytes of data, expected ${end}`);
  }
  if (end < dataBytes) {
    throw new SafetensorsError(`it has ${dataBytes} bytes of data, but its tensors take only ${end}`);
  }
}

const isDtype = (value: unknown): value is keyof typeof arrayTypes =>
  typeof value === "string" && Object.hasOwn(arrayTypes, value);

/** Whether a value is an array of non-negative integers. */
export const isNaturals = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((number) => Number.isSafeInteger(number) && number >= 0);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A value of the header as JSON, shortened for a message. */
function brief(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
