import { type Figure, figure } from "../../lib";
import type { Comparison } from "./report";

const ROW = 26;

/** How many times as long the others take, a point each, on a log axis. */
export function ratioFigure(comparisons: Comparison[], title: string): Figure {
  const shown = comparisons.filter(({ others }) => Object.keys(others).length > 0).reverse();
  const ratios = shown.flatMap(({ ours, others }) =>
    Object.values(others).map(({ best }) => best / ours.best),
  );
  const range = [Math.min(0.5, ...ratios) / 1.1, Math.max(2, ...ratios) * 1.1].map(Math.log10);
  const names = [...new Set(shown.flatMap(({ others }) => Object.keys(others)))];
  const points = names.map((name) => {
    const having = shown.filter(({ others }) => others[name]);
    return {
      type: "scatter",
      mode: "markers",
      marker: { size: 11 },
      name,
      x: having.map(({ ours, others }) => others[name]!.best / ours.best),
      y: having.map(({ name: task }) => task),
    };
  });
  return figure(points, {
    title: { text: title },
    xaxis: {
      title: { text: "time of the other / ours (above 1: faster than the other)" },
      type: "log",
      range,
      tickvals: [0.125, 0.25, 0.5, 1, 2, 4, 8],
    },
    yaxis: { automargin: true, showgrid: true },
    shapes: [
      { type: "line", x0: 1, x1: 1, y0: 0, y1: 1, yref: "paper", line: { color: "#666666", dash: "dash" } },
    ],
    showlegend: true,
    legend: { orientation: "h", y: -60 / (ROW * shown.length) },
    margin: { l: 330, b: 90 },
    width: 900,
    height: 160 + ROW * shown.length,
  });
}
