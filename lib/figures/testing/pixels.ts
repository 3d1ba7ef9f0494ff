type Color = [number, number, number];

/** Decodes a PNG file into pixels, for tests of pictures. */
export async function pixelsOf(png: Buffer) {
  const { createCanvas, loadImage } = require("@napi-rs/canvas");
  const image = await loadImage(png);
  const { width, height }: { width: number; height: number } = image;
  const context = createCanvas(width, height).getContext("2d");
  context.drawImage(image, 0, 0);
  const { data }: { data: Uint8ClampedArray } = context.getImageData(0, 0, width, height);
  const at = (x: number, y: number): Color => {
    const start = 4 * (y * width + x);
    return [data[start]!, data[start + 1]!, data[start + 2]!];
  };
  const count = (is: (color: Color) => boolean): number => {
    let found = 0;
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) if (is(at(x, y))) found++;
    return found;
  };
  return { width, height, at, count };
}
