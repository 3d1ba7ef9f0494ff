import assert from "node:assert/strict";
import { test } from "node:test";
import picture from "./fixtures/rgb-png.json";
import { rgbRows } from "./png";
import { pngOf } from "./testing/png-of";

async function rowsOf(png: Buffer, width: number): Promise<number[][]> {
  const rows: number[][] = [];
  for await (const row of rgbRows(png, width, "x.png")) rows.push([...row]);
  return rows;
}

const known = Buffer.from(picture.png, "base64");

test("rgbRows gives the pixels that Pillow reads from a picture with all five filters", async () => {
  assert.deepEqual(await rowsOf(known, 7), picture.rows);
});

test("rgbRows gives every shade of each colour, from the top row to the last", async () => {
  const shades = Array.from({ length: 256 }, (_, shade) => [shade, 0, 255 - shade, 7, shade, shade]);
  assert.deepEqual(await rowsOf(pngOf(shades), 2), shades);
});

test("rgbRows names a picture that is damaged, cut off, none, or of another width", async () => {
  const damaged = Buffer.from(known);
  damaged[20]! ^= 1; // within the header, which its checksum then does not fit
  for (const png of [damaged, known.subarray(0, 30), Buffer.from("GIF89a"), Buffer.alloc(0)]) {
    await assert.rejects(rowsOf(png, 7), /^Error: x\.png: /);
  }
  await assert.rejects(rowsOf(known, 2), { message: "x.png is 7 pixels wide, expected 2" });
});
