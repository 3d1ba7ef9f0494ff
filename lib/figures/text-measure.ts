import { printable } from "../display/printable";
import { fontFiles } from "./fonts";

/** What decides the shape of a run of text; `size` in pixels. */
export interface Font {
  size: number;
  bold: boolean;
  italic: boolean;
}

/** DejaVu Sans's extent above and below the baseline, in em, from its `hhea` table. */
export const ASCENT = 1901 / 2048;
export const DESCENT = 483 / 2048;

const ALIAS = "weightspace DejaVu Sans";

interface MeasuringContext {
  font: string;
  measureText(text: string): { width: number };
}

let shared: MeasuringContext | undefined;

/** The advance width of a run of text in DejaVu Sans, in pixels, kerning included. */
export function textWidth(text: string, { size, bold, italic }: Font): number {
  const context = measuringContext();
  context.font = `${italic ? "italic " : ""}${bold ? "bold " : ""}${size}px "${ALIAS}"`;
  return context.measureText(printable(text)).width;
}

/** An alias, so that another DejaVu Sans on this machine cannot be taken for the bundled one. */
function measuringContext(): MeasuringContext {
  if (shared) return shared;
  const { GlobalFonts, createCanvas } = require("@napi-rs/canvas");
  for (const file of Object.values(fontFiles())) GlobalFonts.registerFromPath(file, ALIAS);
  shared = createCanvas(1, 1).getContext("2d") as MeasuringContext;
  return shared;
}
