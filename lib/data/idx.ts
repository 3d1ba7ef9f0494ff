const UNSIGNED_BYTE = 0x08;

const magicOf = (dimensions: number) => [0, 0, UNSIGNED_BYTE, dimensions];
const headerLength = (dimensions: number) => 4 + 4 * dimensions;
const sizeOf = (shape: number[]) => shape.reduce((size, length) => size * length, 1);

/**
 * Reads an array of unsigned bytes in the IDX format of the MNIST files: two zero bytes, the type, the number of
 * dimensions, each length as a big-endian 32-bit integer, then the values in C order.
 *
 * @returns the shape, and the values as a view of `content`
 * @throws Error that names `source`, for another type or number of dimensions or a wrong length
 */
export function readIdx(
  content: Uint8Array,
  dimensions: number,
  source: string,
): { shape: number[]; values: Uint8Array } {
  const header = headerLength(dimensions);
  const magic = Array.from(content.subarray(0, 4));
  const expectedMagic = magicOf(dimensions);
  if (magic.join() !== expectedMagic.join() || content.length < header) {
    throw new Error(
      `${source} starts with bytes [${magic}], expected [${expectedMagic}] and ${header} in all`,
    );
  }
  const view = new DataView(content.buffer, content.byteOffset, header);
  const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
  const expected = header + sizeOf(shape);
  if (content.length !== expected) {
    throw new Error(
      `${source} of shape [${shape.join(", ")}] has ${content.length} bytes, expected ${expected}`,
    );
  }
  return { shape, values: new Uint8Array(content.buffer, content.byteOffset + header, expected - header) };
}

/**
 * The content of an IDX file of unsigned bytes (see `readIdx`).
 *
 * @param pieces the values in C order, piece by piece; each is taken only when the one before is in its place
 * @param bytes the size that the file should have
 * @throws Error where the shape makes another size, or the values are more or fewer than it says
 */
export async function toIdx(
  shape: number[],
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  bytes: number,
): Promise<Buffer> {
  const header = headerLength(shape.length);
  const size = header + sizeOf(shape);
  if (size !== bytes) {
    throw new Error(`an IDX file of shape [${shape.join(", ")}] has ${size} bytes, expected ${bytes}`);
  }
  const content = Buffer.alloc(size);
  content.set(magicOf(shape.length));
  for (const [i, length] of shape.entries()) content.writeUInt32BE(length, 4 + 4 * i);
  let end = header;
  for await (const piece of pieces) {
    if (end + piece.length <= size) content.set(piece, end);
    end += piece.length;
    if (end > size) break;
  }
  if (end === size) return content;
  const got = `${end - header}${end > size ? " or more" : ""}`;
  throw new Error(`expected the ${sizeOf(shape)} values of shape [${shape.join(", ")}], got ${got}`);
}
