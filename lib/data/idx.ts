const UNSIGNED_BYTE = 0x08;

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
  const header = 4 + 4 * dimensions;
  const magic = Array.from(content.subarray(0, 4));
  const expectedMagic = [0, 0, UNSIGNED_BYTE, dimensions];
  if (magic.join() !== expectedMagic.join() || content.length < header) {
    throw new Error(
      `${source} starts with bytes [${magic}], expected [${expectedMagic}] and ${header} in all`,
    );
  }
  const view = new DataView(content.buffer, content.byteOffset, header);
  const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
  const expected = header + shape.reduce((size, length) => size * length, 1);
  if (content.length !== expected) {
    throw new Error(
      `${source} of shape [${shape.join(", ")}] has ${content.length} bytes, expected ${expected}`,
    );
  }
  return { shape, values: new Uint8Array(content.buffer, content.byteOffset + header, expected - header) };
}
