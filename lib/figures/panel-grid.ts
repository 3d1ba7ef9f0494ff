import type { PlotlyObject } from "./figure";

/** A panel's part of the plot as Plotly axis domains, fractions in [0, 1] from the left and the bottom. */
export interface PanelDomain {
  x: [number, number];
  y: [number, number];
}

/**
 * Lays out panels of equal size in rows, filled from the top left.
 *
 * @param count The number of panels, ≥ 1.
 * @param columns The number of panels in a row, ≥ 1.
 * @param gap The gaps between columns and between rows, as fractions of the plot's width and height.
 */
export function panelGrid(count: number, columns: number, gap: { x: number; y: number }): PanelDomain[] {
  const across = spans(columns, gap.x);
  const down = spans(Math.ceil(count / columns), gap.y);
  return Array.from({ length: count }, (_, i) => {
    const [top, bottom] = down[Math.floor(i / columns)]!;
    return { x: across[i % columns]!, y: [1 - bottom, 1 - top] };
  });
}

/** Divides [0, 1] into `count` intervals of equal length, `gap` apart. */
function spans(count: number, gap: number): [number, number][] {
  const length = (1 - gap * (count - 1)) / count;
  return Array.from({ length: count }, (_, i) => {
    const start = i * (length + gap);
    return [start, Math.min(start + length, 1)];
  });
}

/** The height of a panel's title in CSS pixels. */
export const PANEL_TITLE = 22;

/** Plotly's name of an axis of panel `index`: x, x2, x3, … */
export function axisId(letter: "x" | "y", index: number): string {
  return index === 0 ? letter : `${letter}${index + 1}`;
}

/** The key of an axis of panel `index` in Plotly's layout: xaxis, xaxis2, xaxis3, … */
export function axisKey(letter: "x" | "y", index: number): string {
  return `${letter}axis${index === 0 ? "" : index + 1}`;
}

/** The title above panel `index`, as a Plotly annotation. */
export function panelTitle(title: string | undefined, index: number): PlotlyObject {
  return {
    text: title ?? "",
    xref: `${axisId("x", index)} domain`,
    yref: `${axisId("y", index)} domain`,
    x: 0.5,
    y: 1,
    yanchor: "bottom",
  };
}
