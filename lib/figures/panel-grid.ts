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
