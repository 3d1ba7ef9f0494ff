/**
 * Lists the nonzero pixels of an image, which in MNIST are one in five.
 *
 * The list is padded to a multiple of four with entries of value 0, so that loops can process four at a time.
 */
export class NonZeros {
  /** The indices of the nonzero pixels in the image, ascending, then zeros as padding. */
  readonly pixel: Int32Array;
  /** The values of these pixels. */
  readonly value: Float64Array;
  /** The length of the list, a multiple of four. */
  count = 0;

  /**
   * @param images The bytes of all images, one image after another.
   * @param features The number of pixels of an image.
   */
  constructor(
    private readonly images: Uint8Array,
    private readonly features: number,
  ) {
    this.pixel = new Int32Array(features + 3);
    this.value = new Float64Array(features + 3);
  }

  /** Lists the nonzero pixels of the image with index `i`. */
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
