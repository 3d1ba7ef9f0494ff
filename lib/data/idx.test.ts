import assert from "node:assert/strict";
import { test } from "node:test";
import { readIdx, toIdx } from "./idx";

const twoByThree = Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6);

test("readIdx reads the shape and the values", () => {
  const { shape, values } = readIdx(twoByThree, 2, "x");
  assert.deepEqual(shape, [2, 3]);
  assert.deepEqual(values, Uint8Array.of(1, 2, 3, 4, 5, 6));
});

test("readIdx names the file and what is wrong with it", () => {
  const other = (at: number, byte: number) => twoByThree.map((value, i) => (i === at ? byte : value));
  assert.throws(
    () => readIdx(other(2, 13), 2, "floats"),
    /floats starts with bytes \[0,0,13,2\], expected \[0,0,8,2\]/,
  );
  assert.throws(() => readIdx(twoByThree, 1, "labels"), /labels starts .* expected \[0,0,8,1\]/);
  assert.throws(() => readIdx(twoByThree.subarray(0, 6), 2, "cut"), /cut starts .* 12 in all/);
  assert.throws(() => readIdx(other(7, 3), 2, "long"), /long of shape \[3, 3\] has 18 bytes, expected 21/);
});

test("toIdx writes what readIdx reads, from pieces, and refuses too many values and too few", async () => {
  const pieces = [Uint8Array.of(1, 2), Uint8Array.of(3, 4, 5, 6)];
  assert.deepEqual(new Uint8Array(await toIdx([2, 3], pieces, 18)), twoByThree);
  await assert.rejects(toIdx([2, 2], pieces, 16), /expected the 4 values of shape \[2, 2\], got 6 or more/);
  await assert.rejects(toIdx([2, 4], pieces, 20), /expected the 8 values of shape \[2, 4\], got 6/);
  await assert.rejects(toIdx([2, 3], pieces, 17), /of shape \[2, 3\] has 18 bytes, expected 17/);
});
