/**
 * The rows of a picture without transparency, from the top, each the red, green and blue of its pixels.
 *
 * The canvas reads what there is of a picture that is cut off or damaged after its header, without an error: whoever
 * uses the pixels compares their checksum, as `fetchFrom` does.
 *
 * @param png A PNG, or another format that the canvas reads.
 * @param width The pixels of a row.
 * @param source The picture's name in the errors.
 * @throws Error for another width, and for a picture that the canvas cannot read.
 */
export async function* rgbRows(png: Buffer, width: number, source: string): AsyncGenerator<Uint8Array> {
  const { createCanvas, loadImage } = require("@napi-rs/canvas") as typeof import("@napi-rs/canvas");
  const image = await loadImage(png).catch((error: Error) => {
    throw new Error(`${source}: ${error.message}`);
  });
  if (image.width !== width) throw new Error(`${source} is ${image.width} pixels wide, expected ${width}`);
  const context = createCanvas(width, image.height).getContext("2d");
  context.drawImage(image, 0, 0);
  for (let y = 0; y < image.height; y++) yield withoutAlpha(context.getImageData(0, y, width, 1).data);
}

/** The red, green and blue of pixels that have an opacity besides. */
function withoutAlpha(rgba: Uint8ClampedArray): Uint8Array {
  const rgb = new Uint8Array((3 * rgba.length) / 4);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from]!;
    rgb[to + 1] = rgba[from + 1]!;
    rgb[to + 2] = rgba[from + 2]!;
  }
  return rgb;
}
