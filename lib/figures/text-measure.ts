import { printable } from "../display/printable";
import { fontFiles } from "./fonts";

/** The size in pixels and the style of a run of text. */
export interface Font {
  size: number;
  bold: boolean;
  italic: boolean;
}

/** DejaVu Sans's extent above the baseline in em, from its `hhea` table. */
export const ASCENT = 1901 / 2048;
/** DejaVu Sans's extent below the baseline in em, from its `hhea` table. */
export const DESCENT = 483 / 2048;

const ALIAS = "weightspace DejaVu Sans";

interface MeasuringContext {
  font: string;
  measureText(text: string): { width: number };
}

let shared: MeasuringContext | undefined;

/** The advance width in pixels of a run of text in DejaVu Sans, including kerning. */
export function textWidth(text: string, { size, bold, italic }: Font): number {
  const context = measuringContext();
  context.font = `${italic ? "italic " : ""}${bold ? "bold " : ""}${size}px "${ALIAS}"`;
  return context.measureText(printable(text)).width;
}

/** A context that knows the bundled font by an alias, so that no installed DejaVu Sans replaces it. */
function measuringContext(): MeasuringContext {
  if (shared) return shared;
  const { GlobalFonts, createCanvas } = require("@napi-rs/canvas");
  for (const file of Object.values(fontFiles())) GlobalFonts.registerFromPath(file, ALIAS);
  shared = createCanvas(1, 1).getContext("2d") as MeasuringContext;
  return shared;
}
