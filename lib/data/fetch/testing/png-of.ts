/**
 * A PNG as the canvas writes it.
 *
 * @param rows Of one length, each the red, green and blue of its pixels.
 */
export function pngOf(rows: readonly (readonly number[])[]): Buffer {
  const { createCanvas } = require("@napi-rs/canvas") as typeof import("@napi-rs/canvas");
  const [width, height] = [rows[0]!.length / 3, rows.length];
  const context = createCanvas(width, height).getContext("2d");
  const image = context.createImageData(width, height);
  image.data.fill(255);
  for (const [i, value] of rows.flat().entries()) image.data[4 * Math.floor(i / 3) + (i % 3)] = value;
  context.putImageData(image, 0, 0);
  return context.canvas.toBuffer("image/png");
}
