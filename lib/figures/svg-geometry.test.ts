import assert from "node:assert/strict";
import { test } from "node:test";
import type { SvgElement } from "./svg-element";
import { installGeometry } from "./svg-geometry";
import { textWidth } from "./text-measure";

interface Measured extends SvgElement {
  getBBox(): { x: number; y: number; width: number; height: number };
  getBoundingClientRect(): { left: number; top: number; right: number; bottom: number };
  getComputedTextLength(): number;
}

const regular = { size: 20, bold: false, italic: false };

function drawn(content: string): (selector: string) => Measured {
  const { JSDOM } = require("jsdom");
  const { window } = new JSDOM(`<svg xmlns="http://www.w3.org/2000/svg">${content}</svg>`);
  installGeometry(window);
  return (selector) => window.document.querySelector(selector);
}

const close = (actual: number, expected: number, tolerance = 0.01) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual}, expected ${expected}`);

test("text-anchor, font-size and dy determine the position of text runs", () => {
  const pick = drawn(
    `<text x="100" y="50" text-anchor="middle" style="font-size: 20px">x<tspan style="font-size:70%" dy="0.5em">i</tspan></text>`,
  );
  const { x, y, width, height } = pick("text").getBBox();
  const expected = textWidth("x", regular) + textWidth("i", { ...regular, size: 14 });
  close(width, expected);
  close(x + width / 2, 100);
  close(pick("text").getComputedTextLength(), expected);
  close(y, 50 - (20 * 1901) / 2048);
  close(y + height, Math.max(50 + (20 * 483) / 2048, 57 + (14 * 483) / 2048));
});

test("bold text, inherited from a group, is wider than regular text", () => {
  const pick = drawn(`<g style="font-weight: bold; font-size: 20px"><text>loss</text></g>`);
  close(pick("text").getBBox().width, textWidth("loss", { ...regular, bold: true }));
  assert.ok(pick("text").getBBox().width > textWidth("loss", regular));
});

test("the bounding box of a rotated title is as wide as the title is high", () => {
  const pick = drawn(
    `<g transform="translate(30,0)"><text transform="rotate(-90)" style="font-size: 20px">loss</text></g>`,
  );
  const { left, top, right, bottom } = pick("text").getBoundingClientRect();
  close(right - left, (20 * (1901 + 483)) / 2048);
  close(bottom - top, textWidth("loss", regular));
  close(left, 30 - (20 * 1901) / 2048);
  close(bottom, 0);
});

test("a group's bounding box is the union of its children without definitions and hidden elements", () => {
  const pick = drawn(
    `<g><defs><rect width="900" height="900"/></defs><text style="display:none">hidden</text><rect x="5" y="6" width="10" height="20"/><path transform="translate(1,1)" d="M-3,0h2"/></g>`,
  );
  const { x, y, width, height } = pick("g").getBBox();
  assert.deepEqual([x, y, width, height], [-2, 1, 17, 25]);
});
