import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "ml-matrix";
import type { Figure } from "./figure";
import { type ImageGridOptions, imageGrid } from "./image-grid";
import { pixelsOf } from "./testing/pixels";

const draw = (pictures: Parameters<typeof imageGrid>[0], options: Partial<ImageGridOptions> = {}) =>
  imageGrid(pictures, { title: "t", ...options });
const same = (color: number[]) => (pixel: number[]) => pixel.every((value, i) => value === color[i]);

/** Where the plot starts and ends in the picture of one pixel per CSS pixel, without the edge for the frames. */
function plotOf({ layout }: Figure) {
  const { t, l, r, b } = layout["margin"] as { t: number; l: number; r: number; b: number };
  return { left: l + 1, top: t + 1, right: layout.width - r - 1, bottom: layout.height - b - 1 };
}

test("each value is a square of whole pixels, 16 for small pictures, in the grey of its share of the range", async () => {
  const figure = draw(
    [
      [
        [0, 51],
        [102, 255],
      ],
      [
        [255, 255],
        [255, 0],
      ],
    ],
    { columns: 2 },
  );
  const picture = await pixelsOf(await figure.png({ scale: 1 }));
  const { left, bottom } = plotOf(figure);
  const at = (column: number, row: number) => {
    const [x, y] = [left + 16 * column, bottom - 16 * (2 - row)];
    const inside = Array.from({ length: 16 * 16 }, (_, i) =>
      picture.at(x + (i % 16), y + Math.floor(i / 16)),
    );
    const [first] = inside;
    assert.ok(inside.every(same(first!)), `cell ${column}, ${row} has one colour`);
    return first![0];
  };
  assert.deepEqual([at(0, 0), at(1, 0), at(0, 1), at(1, 1)], [0, 51, 102, 255]);
  assert.deepEqual([at(3, 0), at(4, 0), at(3, 1), at(4, 1)], [255, 255, 255, 0]);
});

test("a missing value has a colour outside of the scale", async () => {
  const figure = draw([[[0, Number.NaN, 1]]]);
  const picture = await pixelsOf(await figure.png({ scale: 1 }));
  assert.ok(picture.count(same([0xf6, 0xe8, 0xc3])) >= 14 * 14);
  const whole = await pixelsOf(await draw([[[0, 0.5, 1]]]).png({ scale: 1 }));
  assert.equal(whole.count(same([0xf6, 0xe8, 0xc3])), 0);
});

test("symmetric colours have white at 0 and one range for all pictures", async () => {
  const figure = draw([[[-2]], new Matrix([[1]])], { symmetric: true });
  const { cmin, cmax } = figure.layout["coloraxis"] as { cmin: number; cmax: number };
  assert.deepEqual([cmin, cmax], [-2, 2]);
  const picture = await pixelsOf(await figure.png({ scale: 1 }));
  const { left, bottom } = plotOf(figure);
  assert.deepEqual(picture.at(left + 8, bottom - 8), [0x05, 0x30, 0x61]);
});

test("flat arrays are folded row after row, and twenty digits of 28 × 28 fit with two pixels a value", () => {
  const flat = Float32Array.from({ length: 784 }, (_, i) => i);
  const figure = draw(Array(20).fill(flat), { shape: [28, 28], titles: Array(20).fill("7") });
  const z = figure.data[0]!["z"] as (number | null)[][];
  const first = z.findIndex((row) => row[0] !== null);
  assert.deepEqual([z[first]![0], z[first]![27], z[first]![28], z[first + 1]![0]], [0, 27, null, 28]);
  const { left, right } = plotOf(figure);
  assert.equal(right - left, 2 * z[0]!.length);
  assert.deepEqual(
    draw([
      [
        [0, 1],
        [28, 29],
      ],
    ]).data[0]!["z"],
    draw([[0, 1, 28, 29]], { shape: [2, 2] }).data[0]!["z"],
  );
});

test("titles longer than their pictures neither overlap nor leave the figure", async () => {
  const { JSDOM } = require("jsdom");
  const { installGeometry } = require("./svg-geometry");
  const titles = ["a <b>long</b> title", "another &lt; long<br>title", "the last and longest title of all"];
  const svg = await draw([[[1]], [[2]], [[3]]], { titles }).svg();
  const { window } = new JSDOM(svg, { contentType: "image/svg+xml" });
  installGeometry(window);
  const boxes = [...window.document.querySelectorAll(".annotation-text")].map((one) =>
    one.getBoundingClientRect(),
  );
  assert.equal(boxes.length, 3);
  for (const [i, { left, right, top }] of boxes.entries()) {
    assert.ok(left >= 0 && right <= 720 && top >= 40, `title ${i}: ${left} to ${right}, from ${top}`);
    if (i > 0) assert.ok(left > boxes[i - 1].right);
  }
  const bar = window.document.querySelector(".cbfills").getBoundingClientRect();
  assert.ok(bar.left > boxes[2].right && bar.right <= 720, `${bar.left} to ${bar.right}, ${boxes[2].right}`);
});

test("the colour bar and its title lie within the figure and do not change the size of the cells", async () => {
  const { JSDOM } = require("jsdom");
  const { installGeometry } = require("./svg-geometry");
  const figure = draw([[[-1e6, 1]], [[3, 2e6]]], { colorLabel: "a long name of what is shown, in its unit" });
  const { window } = new JSDOM(await figure.svg(), { contentType: "image/svg+xml" });
  installGeometry(window);
  const { left, right } = window.document.querySelector(".cbcoloraxis").getBoundingClientRect();
  assert.ok(left > plotOf(figure).right && right <= 720, `${left} to ${right}`);
  const image = window.document.querySelector("image").getBoundingClientRect();
  assert.equal(image.width, plotOf(figure).right - plotOf(figure).left);
});

test("the alternative text gives number, size, range and titles", () => {
  const figure = draw([[[0, 1 / 3]], [[2, 3]]], { titles: ["<i>a</i>", "b"] });
  assert.equal(figure.alt, "t\n  2 pictures of 1 × 2 values, from 0 to 3: a, b");
});

test("rejects no pictures, pictures of several sizes or of the wrong length, and a grid that does not fit", () => {
  assert.throws(() => draw([]), /at least one picture, got none/);
  assert.throws(() => draw([[]]), /picture 1: expected a matrix with values/);
  assert.throws(() => draw([[[1]], [[1, 2]]]), /pictures of one size, got 1 × 1 and, as picture 2, 1 × 2/);
  assert.throws(() => draw([[1, 2, 3]], { shape: [2, 2] }), /expected 2 × 2 values in picture 1, got 3/);
  assert.throws(() => draw([[1]], { shape: [1, 0.5] }), /a side in shape is 0.5, expected an integer ≥ 1/);
  assert.throws(() => draw([[[1]]], { titles: [] }), /expected a title for each of 1 pictures, got 0/);
  assert.throws(() => draw([[[1]]], { columns: 0 }), /columns is 0, expected an integer ≥ 1/);
  assert.throws(
    () => draw(Array(12).fill([Array(60).fill(0)]), { columns: 12 }),
    /12 pictures of 60 values a row .* do not fit into 670 pixels; expected fewer columns/,
  );
  assert.throws(() => draw([[[1]]], { symmetric: true, range: [0, 1] }), /expect a range \[−a, a\]/);
});
