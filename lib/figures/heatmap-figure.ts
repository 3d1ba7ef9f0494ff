import { requireInteger } from "../checks/check-range";
import { type Figure, type FigureOptions, figure, type PlotlyObject } from "./figure";
import { legendLayout } from "./line-figure";
import type { Dash } from "./line-series";
import { colorRange, type MatrixLike, rowsOf } from "./matrix";
import { axisId, axisKey, PANEL_TITLE, type PanelDomain, panelGrid, panelTitle } from "./panel-grid";
import { DIVERGING, HEIGHT, SEQUENTIAL, TEMPLATE, titleRoom, WIDTH } from "./theme";

/** A line over the cells of a heat map. */
export interface HeatmapLine {
  /** Its name in the legend; lines of one name in several panels have one entry and one colour. */
  name: string;
  /** Its coordinates on the horizontal axis, as many as `y`. Default: those of the columns. */
  x?: ArrayLike<number | string>;
  /** Its coordinates on the vertical axis. */
  y: ArrayLike<number>;
  /** The dash pattern. Default: "solid". */
  dash?: Dash;
}

/** One matrix of a `heatmapFigure`, with its labels. */
export interface HeatmapPanel {
  /** Text above the panel. */
  title?: string;
  /** The values [rows, columns], with row 0 at the top; NaN and infinities leave a cell blank. */
  z: MatrixLike;
  /** The coordinate (number) or name (string, even of digits) of each column. Default: 0, 1, 2, … */
  x?: ArrayLike<number | string>;
  /** The coordinate (number) or name (string, even of digits) of each row. Default: 0, 1, 2, … */
  y?: ArrayLike<number | string>;
  /** The largest number of tick labels below the panel. Default: as many as fit, rotated if necessary. */
  xTicks?: number;
  /** The text in each cell, [rows, columns]. Default: none. */
  text?: string[][];
  /** Lines over the cells, such as the rank over a spectrum. Default: none. */
  lines?: HeatmapLine[];
  /** Title of the horizontal axis. Default: none. */
  xLabel?: string;
  /** Title of the vertical axis. Default: none. */
  yLabel?: string;
}

/** Colours that stand out from the sequential scale. */
const LINE_COLORS = ["#D62728", "#FFA500"];

/** Options of `heatmapFigure`. */
export interface HeatmapFigureOptions extends FigureOptions {
  title: string;
  panels: HeatmapPanel[];
  /** Title of the colour bar. Default: none. */
  colorLabel?: string;
  /** Whether colours are diverging with white at 0, instead of sequential. Default: false. */
  symmetric?: boolean;
  /**
   * The values of the first and the last colour, finite and increasing; [−a, a] with `symmetric`. Default: the extremes
   * of all panels; with `symmetric`, ± the largest magnitude.
   */
  range?: [number, number];
  /** The number of panels in a row, ≥ 1. Default: all of them. */
  columns?: number;
  /** "equal" draws square cells, for panels without `x` and `y`; "fill" stretches cells to fit. Default: "fill". */
  aspect?: "fill" | "equal";
  /** The width of the figure in CSS pixels. Default: 720. */
  width?: number;
  /** The height of the figure in CSS pixels. Default: 440. */
  height?: number;
}

/**
 * Draws matrices as heat maps in a grid of panels, with one colour scale and one colour bar.
 *
 * The displayed picture has one pixel per CSS pixel, so it omits some columns of a matrix wider than its panel.
 *
 * @returns The figure.
 * @throws Error if there are no panels, a matrix is empty or ragged, `x` or `y` has the wrong length or is combined
 *   with `aspect: "equal"`, a line has another number of `x` than of `y`, or the range is not finite, increasing and,
 *   with `symmetric`, of the form [−a, a];
 *   RangeError for a number of columns that is not an integer ≥ 1.
 *
 * @example
 * heatmapFigure({
 *   title: "Correlations",
 *   panels: [{ title: "C<sub>31</sub>", z: C31 }, { title: "W<sub>32</sub>W<sub>21</sub>", z: product }],
 *   symmetric: true,
 * });
 */
export function heatmapFigure(options: HeatmapFigureOptions): Figure {
  const { title, panels, colorLabel = "", symmetric = false, range, aspect = "fill", alt } = options;
  const { columns = panels.length, width = WIDTH, height = HEIGHT } = options;
  const matrices = panels.map(matrixOf);
  checkColumns(columns, panels.length);
  if (aspect === "equal" && panels.some(({ x, y }) => x || y)) {
    throw new Error('aspect "equal" expects panels without x and y, which may be unevenly spaced');
  }
  const top = titleRoom(title).margin + (panels.some((panel) => panel.title) ? PANEL_TITLE : 0);
  const domains = panelGrid(panels.length, columns, gaps(panels, width, height - top));
  const [cmin, cmax] = colorRange(matrices, symmetric, range);
  const traces = panels.map((panel, i) => ({
    type: "heatmap",
    name: panel.title ?? `panel ${i + 1}`,
    z: matrices[i],
    ...(panel.x && { x: Array.from(panel.x, coordinate) }),
    ...(panel.y && { y: Array.from(panel.y, coordinate) }),
    ...(panel.text && { text: panel.text, texttemplate: "%{text}" }),
    xaxis: axisId("x", i),
    yaxis: axisId("y", i),
    coloraxis: "coloraxis",
  }));
  const lines = lineTraces(panels, matrices);
  const layout = {
    width,
    height,
    title: { text: title },
    hovermode: "closest",
    margin: { t: top },
    coloraxis: {
      cmin,
      cmax,
      colorscale: symmetric ? DIVERGING : SEQUENTIAL,
      colorbar: { title: { text: colorLabel } },
    },
    ...(lines.length > 0 && { showlegend: true, legend: legendLayout("bottom") }),
    annotations: panels.map(({ title }, i) => panelTitle(title, i)),
    ...Object.assign({}, ...panels.map((panel, i) => panelAxes(panel, i, matrices[i]!, domains[i]!, aspect))),
  };
  return figure([...traces, ...lines], layout, { alt });
}

/** The traces of the lines over all panels, with an entry in the legend for each name. */
function lineTraces(panels: HeatmapPanel[], matrices: number[][][]): PlotlyObject[] {
  const names: string[] = [];
  return panels.flatMap(({ x, lines = [] }, i) =>
    lines.map((line) => {
      const across = line.x ?? x ?? matrices[i]![0]!.map((_, column) => column);
      checkCoordinates(across, line.y.length, `line "${line.name}": expected an x for each y`);
      const isNew = !names.includes(line.name);
      if (isNew) names.push(line.name);
      return {
        type: "scatter",
        mode: "lines",
        name: line.name,
        x: Array.from(across, coordinate),
        y: Array.from(line.y),
        line: {
          color: LINE_COLORS[names.indexOf(line.name) % LINE_COLORS.length],
          width: 2,
          dash: line.dash,
        },
        showlegend: isNew,
        xaxis: axisId("x", i),
        yaxis: axisId("y", i),
      };
    }),
  );
}

/**
 * Appends a zero-width space to names that every object inherits, such as "constructor": Plotly looks names up in a
 * plain object and would lose them.
 */
function coordinate(value: number | string): number | string {
  return typeof value === "string" && value in Object.prototype ? `${value}\u200B` : value;
}

function matrixOf({ z, x, y, title = "" }: HeatmapPanel, index: number): number[][] {
  const panel = `panel ${index + 1} "${title}"`;
  const rows = rowsOf(z, panel);
  checkCoordinates(x, rows[0]!.length, `${panel}: expected an x for each column`);
  checkCoordinates(y, rows.length, `${panel}: expected a y for each row`);
  return rows;
}

function checkCoordinates(values: ArrayLike<unknown> | undefined, cells: number, expected: string): void {
  if (values && values.length !== cells) throw new Error(`${expected}, got ${values.length} for ${cells}`);
}

function checkColumns(columns: number, panels: number): void {
  if (panels === 0) throw new Error("heatmapFigure expects at least one panel, got none");
  requireInteger("heatmapFigure: columns", columns, 1);
}

/**
 * The gaps between panels, as fractions of the plot, with room for tick labels and for titles of axes and panels.
 *
 * @param width The width of the picture in CSS pixels.
 * @param height The height of the picture below its titles in CSS pixels.
 */
function gaps(panels: HeatmapPanel[], width: number, height: number): { x: number; y: number } {
  const hasYLabel = panels.some(({ yLabel }) => yLabel !== undefined);
  const hasXLabel = panels.some(({ xLabel }) => xLabel !== undefined);
  const { l, r, b } = TEMPLATE.layout.margin;
  return { x: (hasYLabel ? 68 : 44) / (width - l - r), y: (hasXLabel ? 84 : 62) / (height - b) };
}

function panelAxes(
  panel: HeatmapPanel,
  index: number,
  matrix: number[][],
  domain: PanelDomain,
  aspect: "fill" | "equal",
): PlotlyObject {
  const common = { showgrid: false, mirror: true, constrain: "domain" };
  return {
    [axisKey("x", index)]: {
      ...common,
      ...ticks(matrix[0]!.length, panel.x),
      ...(panel.xTicks !== undefined && { nticks: panel.xTicks }),
      domain: domain.x,
      anchor: axisId("y", index),
      title: { text: panel.xLabel ?? "" },
    },
    [axisKey("y", index)]: {
      ...common,
      ...ticks(matrix.length, panel.y),
      domain: domain.y,
      anchor: axisId("x", index),
      autorange: "reversed",
      constraintoward: "top",
      title: { text: panel.yLabel ?? "" },
      ...(aspect === "equal" && { scaleanchor: axisId("x", index) }),
    },
  };
}

/** Prevents ticks at half-integers in small matrices, and Plotly's interpretation of names as numbers. */
function ticks(cells: number, coordinates: ArrayLike<number | string> | undefined): PlotlyObject {
  if (coordinates) return typeof coordinates[0] === "string" ? { type: "category" } : {};
  return cells <= 10 ? { dtick: 1 } : {};
}
