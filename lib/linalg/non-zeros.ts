/**
 * Lists the pixels of an image that are not zero; in MNIST four in five are.
 *
 * The list is filled up to a multiple of four with entries of value 0, so that a loop may take four at a time.
 */
export class NonZeros {
  /** The places of the pixels in the image, ascending. */
  readonly pixel: Int32Array;
  readonly value: Float64Array;
  /** The length of the list, a multiple of four. */
  count = 0;

  /** @param images images of `features` bytes one after another */
  constructor(
    private readonly images: Uint8Array,
    private readonly features: number,
  ) {
    this.pixel = new Int32Array(features + 3);
    this.value = new Float64Array(features + 3);
  }

  /** Lists image `i`, counted from 0. */
  read(i: number): void {
    const { images, features, pixel, value } = this;
    const start = i * features;
    let count = 0;
    for (let p = 0; p < features; p++) {
      const byte = images[start + p]!;
      if (byte === 0) continue;
      pixel[count] = p;
      value[count++] = byte;
    }
    for (; count % 4 !== 0; count++) pixel[count] = value[count] = 0;
    this.count = count;
  }
}
