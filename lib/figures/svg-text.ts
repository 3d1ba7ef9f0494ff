import { type Box, unionOf } from "./affine";
import type { SvgElement } from "./svg-element";
import { ASCENT, DESCENT, type Font, textWidth } from "./text-measure";

/** A run of text in one font that starts at (`x`, `baseline`). */
interface Run {
  x: number;
  baseline: number;
  width: number;
  size: number;
}

/** The position of the next run, and the runs so far in chunks, one per absolute `x`, which `text-anchor` aligns. */
interface Cursor {
  x: number;
  y: number;
  chunks: Run[][];
}

/** The bounding box of an SVG `text` element before its own transform, from ascent to descent of each run. */
export function textBox(text: SvgElement): Box | undefined {
  const anchor = text.getAttribute("text-anchor") ?? "start";
  return unionOf(layOut(text).flatMap((chunk) => anchored(chunk, anchor).map(runBox)));
}

/** The sum of the advance widths of an SVG `text` or `tspan` element. */
export function textLength(text: SvgElement): number {
  return layOut(text)
    .flat()
    .reduce((sum, { width }) => sum + width, 0);
}

/** Lays out horizontal text with single values of `x`, `y`, `dx` and `dy`, as Plotly writes it: SVG 2, section 11.5. */
function layOut(text: SvgElement): Run[][] {
  const cursor: Cursor = { x: 0, y: 0, chunks: [[]] };
  place(text, inheritedFont(text.parentNode), cursor);
  return cursor.chunks;
}

function place(element: SvgElement, parentFont: Font, cursor: Cursor): void {
  const font = fontOf(element, parentFont);
  const length = (name: string) => parseLength(element.getAttribute(name), font.size);
  const x = length("x");
  if (x !== undefined) cursor.chunks.push([]);
  cursor.x = (x ?? cursor.x) + (length("dx") ?? 0);
  cursor.y = (length("y") ?? cursor.y) + (length("dy") ?? 0);
  for (const child of Array.from(element.childNodes)) {
    if (child.nodeType === 1) place(child, font, cursor);
    else if (child.nodeType === 3) placeRun(child.textContent, font, cursor);
  }
}

function placeRun(content: string, font: Font, cursor: Cursor): void {
  const run = { x: cursor.x, baseline: cursor.y, width: textWidth(content, font), size: font.size };
  cursor.chunks.at(-1)!.push(run);
  cursor.x += run.width;
}

function anchored(chunk: Run[], anchor: string): Run[] {
  const last = chunk.at(-1);
  if (!last || anchor === "start") return chunk;
  const width = last.x + last.width - chunk[0]!.x;
  const shift = anchor === "middle" ? width / 2 : width;
  return chunk.map((run) => ({ ...run, x: run.x - shift }));
}

function runBox({ x, baseline, width, size }: Run): Box {
  return { left: x, top: baseline - ASCENT * size, right: x + width, bottom: baseline + DESCENT * size };
}

function inheritedFont(element: SvgElement | null): Font {
  if (element?.nodeType !== 1) return { size: 12, bold: false, italic: false };
  return fontOf(element, inheritedFont(element.parentNode));
}

function fontOf(element: SvgElement, parent: Font): Font {
  const style = (name: string) => element.style?.getPropertyValue(name) ?? "";
  const [size, weight, slant] = [style("font-size"), style("font-weight"), style("font-style")];
  return {
    size: size.endsWith("%")
      ? (parent.size * Number.parseFloat(size)) / 100
      : Number.parseFloat(size) || parent.size,
    bold: weight === "" ? parent.bold : weight === "bold" || Number(weight) >= 600,
    italic: slant === "" ? parent.italic : slant !== "normal",
  };
}

function parseLength(value: string | null, em: number): number | undefined {
  if (value === null) return undefined;
  return value.endsWith("em") ? Number.parseFloat(value) * em : Number.parseFloat(value);
}
