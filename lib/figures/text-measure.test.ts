import assert from "node:assert/strict";
import { test } from "node:test";
import { ASCENT, DESCENT, textWidth } from "./text-measure";

const regular = { size: 2048, bold: false, italic: false };

test("the width of text agrees with DejaVu Sans's advance widths", () => {
  // From the font's hmtx table, in units of 1/2048 em.
  assert.ok(Math.abs(textWidth("H", regular) - 1540) < 1);
  assert.ok(Math.abs(textWidth("i", regular) - 569) < 1);
  assert.ok(Math.abs(textWidth("Hi", regular) - 2109) < 1);
});

test("the width is proportional to the size, and bold is wider", () => {
  const width = textWidth("width", { ...regular, size: 10 });
  assert.ok(Math.abs(textWidth("width", { ...regular, size: 20 }) / width - 2) < 0.02);
  assert.ok(textWidth("width", { ...regular, size: 10, bold: true }) > width);
  assert.ok(ASCENT + DESCENT > 1 && ASCENT + DESCENT < 1.2);
});
