import { Readable } from "node:stream";
import { createInflate } from "node:zlib";

const SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
/** Red, green and blue, a byte each. */
const CHANNELS = 3;
/** The end of the header: bit depth 8, colour type 2 (RGB), compression 0, filter method 0, not interlaced. */
const RGB_FORMAT = [8, 2, 0, 0, 0];

interface Chunk {
  type: string;
  data: Buffer;
}

/** Each chunk is its length, its type, so many bytes, and a checksum. */
function readChunks(png: Buffer): Chunk[] {
  if (!png.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw new Error("no PNG");
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE.length; at < png.length; ) {
    const start = at + 8;
    const end = start <= png.length ? start + png.readUInt32BE(at) : Number.POSITIVE_INFINITY;
    if (end + 4 > png.length) throw new Error(`cut off after ${png.length} bytes`);
    chunks.push({ type: png.toString("latin1", at + 4, start), data: png.subarray(start, end) });
    at = end + 4;
  }
  return chunks;
}

function readSize(header: Buffer | undefined): { width: number; height: number } {
  if (header?.length !== 13) throw new Error("no header");
  const format = [...header.subarray(8)];
  if (format.join() !== RGB_FORMAT.join()) {
    throw new Error(`the PNG format [${format}], expected [${RGB_FORMAT}]: eight-bit RGB, not interlaced`);
  }
  return { width: header.readUInt32BE(0), height: header.readUInt32BE(4) };
}

/** Cuts what `chunks` hold into pieces of `length` bytes; the last may be shorter. */
async function* pieces(chunks: AsyncIterable<Buffer>, length: number): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk]);
    for (; rest.length >= length; rest = rest.subarray(length)) yield rest.subarray(0, length);
  }
  if (rest.length > 0) yield rest;
}

function paeth(left: number, above: number, aboveLeft: number): number {
  const toLeft = Math.abs(above - aboveLeft);
  const toAbove = Math.abs(left - aboveLeft);
  const toAboveLeft = Math.abs(left + above - 2 * aboveLeft);
  if (toLeft <= toAbove && toLeft <= toAboveLeft) return left;
  return toAbove <= toAboveLeft ? above : aboveLeft;
}

/** What the filters 0 to 4 have subtracted from a byte, given those of the pixels around it. */
const predictions: ((left: number, above: number, aboveLeft: number) => number)[] = [
  () => 0,
  (left) => left,
  (_, above) => above,
  (left, above) => (left + above) >> 1,
  paeth,
];

/** Undoes the filter of `row` in place, given the row above as it is without filter. */
function unfilter(row: Uint8Array, above: Uint8Array, filter: number): void {
  const predict = predictions[filter];
  if (!predict) throw new Error(`a row with filter ${filter}, expected 0 to 4`);
  for (let i = 0; i < CHANNELS; i++) row[i]! += predict(0, above[i]!, 0);
  for (let i = CHANNELS; i < row.length; i++) {
    row[i]! += predict(row[i - CHANNELS]!, above[i]!, above[i - CHANNELS]!);
  }
}

async function* decode(png: Buffer, width: number): AsyncGenerator<Uint8Array> {
  const chunks = readChunks(png);
  const { width: found, height } = readSize(chunks[0]?.data);
  if (found !== width) throw new Error(`rows of ${found} pixels, expected ${width}`);
  const compressed = chunks.filter(({ type }) => type === "IDAT").map(({ data }) => data);
  const inflated = Readable.from(compressed).pipe(createInflate());
  const length = 1 + CHANNELS * width;
  let above = new Uint8Array(CHANNELS * width);
  let rows = 0;
  const misfit = () => new Error(`other than the ${height} rows of ${width} pixels that it claims`);
  for await (const line of pieces(inflated, length)) {
    if (line.length < length || rows === height) throw misfit();
    const row = new Uint8Array(line.subarray(1));
    unfilter(row, above, line[0]!);
    yield row;
    above = row;
    rows++;
  }
  if (rows < height) throw misfit();
}

/**
 * The rows of a PNG (ISO/IEC 15948) of eight-bit red, green and blue that is not interlaced, from the top, each
 * the red, green and blue of its pixels. The checksums of the chunks are not looked at, the one of the pixels is.
 *
 * @param width The pixels of a row.
 * @throws Error that names `source`, for another kind of picture or width and for one that is cut off or damaged
 */
export async function* rgbRows(png: Buffer, width: number, source: string): AsyncGenerator<Uint8Array> {
  try {
    yield* decode(png, width);
  } catch (error) {
    throw new Error(`${source}: ${(error as Error).message}`);
  }
}
