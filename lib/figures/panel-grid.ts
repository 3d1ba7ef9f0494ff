/** The part of the plot that a panel covers, as Plotly's axis domains: fractions from the left and the bottom. */
export interface PanelDomain {
  x: [number, number];
  y: [number, number];
}

/**
 * Panels of one size in rows of `columns`, filled from the top left.
 *
 * @param gap space between columns and between rows, as fractions of the plot's width and height
 */
export function panelGrid(count: number, columns: number, gap: { x: number; y: number }): PanelDomain[] {
  const across = spans(columns, gap.x);
  const down = spans(Math.ceil(count / columns), gap.y);
  return Array.from({ length: count }, (_, i) => {
    const [top, bottom] = down[Math.floor(i / columns)]!;
    return { x: across[i % columns]!, y: [1 - bottom, 1 - top] };
  });
}

/** `count` intervals of one length from 0 to 1, `gap` apart. */
function spans(count: number, gap: number): [number, number][] {
  const length = (1 - gap * (count - 1)) / count;
  return Array.from({ length: count }, (_, i) => {
    const start = i * (length + gap);
    return [start, Math.min(start + length, 1)];
  });
}
