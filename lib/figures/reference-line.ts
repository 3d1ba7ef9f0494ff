import type { PlotlyObject } from "./figure";
import type { LineAxis } from "./line-axis";
import type { Dash } from "./line-series";
import { REFERENCE_COLOR } from "./theme";

/** Plotly's axes of a figure without panels. */
const FIRST = { x: "x", y: "y" };

/** A straight line across the plot, at exactly one of `y`, on the left axis, and `x`; finite. */
export interface ReferenceLine {
  /** The height of a horizontal line. */
  y?: number;
  /** The position of a vertical line. */
  x?: number;
  /** The text beside the line. Default: none. */
  label?: string;
  /** The dash pattern. Default: "dash". */
  dash?: Dash;
}

/** @throws Error unless the line has exactly one of `x` and `y`, finite. */
export function checkReference({ x, y }: ReferenceLine): void {
  if ((x === undefined) === (y === undefined)) {
    throw new Error(`a reference line requires either x or y, got x = ${x} and y = ${y}`);
  }
  if (!Number.isFinite(x ?? y)) {
    throw new Error(
      `a reference line requires a finite number, got ${x === undefined ? "y" : "x"} = ${x ?? y}`,
    );
  }
}

/** The line itself, in the panel of two Plotly axes, such as "x2" and "y2". */
export function referenceShape({ x, y, dash = "dash" }: ReferenceLine, axes = FIRST): PlotlyObject {
  const position =
    y === undefined
      ? { xref: axes.x, x0: x, x1: x, yref: `${axes.y} domain`, y0: 0, y1: 1 }
      : { xref: `${axes.x} domain`, x0: 0, x1: 1, yref: axes.y, y0: y, y1: y };
  return { type: "line", ...position, line: { color: REFERENCE_COLOR, dash, width: 1.4 } };
}

/**
 * The text beside a reference line, as an annotation, for which Plotly makes room; a shape's own label would be cut at
 * the plot's edge. On a log axis an annotation, unlike a shape, is placed by its exponent.
 */
export function referenceLabel(
  { x, y, label = "" }: ReferenceLine,
  xAxis: LineAxis,
  yAxis: LineAxis,
  axes = FIRST,
): PlotlyObject {
  const place = (value: number, { type }: LineAxis) => (type === "log" ? Math.log10(value) : value);
  const position =
    y === undefined
      ? { xref: axes.x, x: place(x!, xAxis), xanchor: "left", yref: `${axes.y} domain`, y: 1, yanchor: "top" }
      : {
          xref: `${axes.x} domain`,
          x: 1,
          xanchor: "right",
          yref: axes.y,
          y: place(y, yAxis),
          yanchor: "bottom",
        };
  return { text: label, font: { color: REFERENCE_COLOR, size: 12 }, ...position };
}
