import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import picture from "./fixtures/rgb-png.json";
import { rgbRows } from "./png";
import { pngOf } from "./testing/png-of";

async function rowsOf(png: Buffer, width = picture.rows[0]!.length / 3): Promise<number[][]> {
  const rows: number[][] = [];
  for await (const row of rgbRows(png, width, "x.png")) rows.push([...row]);
  return rows;
}

const known = Buffer.from(picture.png, "base64");

test("rgbRows gives the pixels that Pillow reads from a picture with all five filters", async () => {
  assert.deepEqual(await rowsOf(known), picture.rows);
});

test("rgbRows names a picture that is cut off or damaged", async () => {
  const lastPixels = known.length - 40;
  for (const length of [12, 30, lastPixels]) {
    await assert.rejects(rowsOf(known.subarray(0, length)), {
      message: `x.png: cut off after ${length} bytes`,
    });
  }
  const damaged = Buffer.from(known);
  damaged[known.indexOf("IDAT") + 60]! ^= 1;
  await assert.rejects(rowsOf(damaged), /^Error: x\.png: /);
});

test("rgbRows refuses what is no PNG, and other kinds of it", async () => {
  const grey = Buffer.from(known);
  grey[25] = 0;
  await assert.rejects(
    rowsOf(grey),
    /x\.png: the PNG format \[8,0,0,0,0\], expected \[8,2,0,0,0\]: eight-bit RGB/,
  );
  await assert.rejects(rowsOf(Buffer.from("GIF89a")), /x\.png: no PNG/);
  await assert.rejects(rowsOf(known.subarray(0, 8)), /x\.png: no header/);
});

test("rgbRows refuses more, fewer and shorter rows than the header claims, and a filter there is not", async () => {
  const row = [0, 1, 2, 3];
  const held = (...bytes: number[]) => rowsOf(pngOf(1, 2, deflateSync(Buffer.from(bytes))), 1);
  assert.deepEqual(await held(...row, ...row), [
    [1, 2, 3],
    [1, 2, 3],
  ]);
  for (const bytes of [row, [...row, ...row, ...row], [...row, 0, 1]]) {
    await assert.rejects(held(...bytes), /x\.png: other than the 2 rows of 1 pixels that it claims/);
  }
  await assert.rejects(held(...row, 5, 1, 2, 3), /x\.png: a row with filter 5, expected 0 to 4/);
});

test("rgbRows refuses rows of another width before it makes room for one", async () => {
  const wide = pngOf(2 ** 31 - 1, 1, deflateSync(Buffer.alloc(4)));
  await assert.rejects(rowsOf(wide, 1), { message: "x.png: rows of 2147483647 pixels, expected 1" });
});
