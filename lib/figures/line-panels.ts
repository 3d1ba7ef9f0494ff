import { requireInteger } from "../checks/check-range";
import { type Figure, type FigureOptions, figure, type PlotlyObject } from "./figure";
import { axisLayout, type LineAxis } from "./line-axis";
import { floorOf, meaningEntries } from "./line-band";
import { legendLayout, verticalAxis } from "./line-figure";
import { type Curve, curveOf, curveTraces, type LineSeries } from "./line-series";
import { axisId, axisKey, PANEL_TITLE, type PanelDomain, panelGrid, panelTitle } from "./panel-grid";
import { checkReference, type ReferenceLine, referenceLabel, referenceShape } from "./reference-line";
import { plainText } from "./summary";
import { textWidth } from "./text-measure";
import { PALETTE, TEMPLATE, titleRoom, WIDTH } from "./theme";

/** One panel of `linePanels`. */
export interface LinePanel {
  /** The text above the panel, of one line. */
  title: string;
  /** The curves, on the left axis; curves of one name have one colour and one entry of the legend in all panels. */
  series: LineSeries[];
  /** Default: none. */
  references?: ReferenceLine[];
}

/** Options of `linePanels`. */
export interface LinePanelsOptions extends FigureOptions {
  title: string;
  /** The horizontal axis of all panels. */
  x: LineAxis;
  /** The vertical axis of all panels. */
  y: LineAxis;
  /** The panels, in rows from the top left. */
  panels: LinePanel[];
  /**
   * The number of panels in a row, ≥ 1. Default: up to 4, or 3 if there are more than 4 panels, but fewer if the titles
   * of panels or of the horizontal axis need more room.
   */
  columns?: number;
  /** The position of the legend outside the panels. Default: "bottom", or "none" for a single entry. */
  legend?: "right" | "bottom" | "none";
  /** The width of the figure in CSS pixels. Default: 720. */
  width?: number;
  /** The height of the figure in CSS pixels. Default: 130 + 190 for each row, or more for a longer vertical title. */
  height?: number;
}

/** The height of a row and the height outside the rows, and the gap between columns, in CSS pixels. */
const [ROW, AROUND, GAP] = [190, 130, 28];
/** The size of the titles of panels and axes, and their least distance, in CSS pixels. */
const [TITLE_SIZE, TITLE_GAP] = [13, 12];

/**
 * Draws curves in a grid of panels that share their axes, with a title for each panel and one legend.
 *
 * Ticks and axis titles are at the left and at the bottom of the grid only. All panels zoom together.
 *
 * @returns The figure.
 * @throws Error if there are no panels or a panel has no series, or where `lineFigure` does; RangeError for a number of columns that is not an
 *   integer ≥ 1.
 *
 * @example
 * linePanels({
 *   title: "Rank by width",
 *   x: { label: "step" },
 *   y: { label: "rank" },
 *   panels: widths.map((width) => ({ title: `${width}`, series: [{ name: "ZerO", runs: ranksOf(width) }] })),
 * });
 */
export function linePanels(options: LinePanelsOptions): Figure {
  const { title, x, y, panels, width = WIDTH } = options;
  if (panels.length === 0) throw new Error("linePanels expects at least one panel, got none");
  const { columns = roomyColumns(panels, x.label, width) } = options;
  requireInteger("linePanels: columns", columns, 1);
  const rows = Math.ceil(panels.length / columns);
  const { height = AROUND + Math.max(ROW, titleWidth(y.label)) * rows } = options;
  const curves = panelCurves(panels);
  const shared = verticalAxis(y, curves.flat());
  const { traces, isExplained } = panelTraces(curves, shared.axis);
  const { legend = isExplained ? "bottom" : "none" } = options;
  const top = titleRoom(title).margin + PANEL_TITLE;
  const xAxis = axisLayout(
    x,
    "x",
    curves.flat().map((curve) => curve.x),
  );
  const yAxis = axisLayout(shared.axis, "y", shared.values);
  const domains = panelGrid(panels.length, columns, gaps(width, height - top));
  const layout = {
    width,
    height,
    title: { text: title },
    margin: { t: top },
    hovermode: "closest",
    showlegend: legend !== "none",
    legend: legendLayout(legend),
    shapes: panels.flatMap(({ references = [] }, i) =>
      references.map((reference) => referenceShape(reference, axesOf(i))),
    ),
    annotations: panels.flatMap((panel, i) => [
      panelTitle(panel.title, i),
      ...(panel.references ?? []).map((reference) => referenceLabel(reference, x, y, axesOf(i))),
    ]),
    ...Object.fromEntries(
      domains.flatMap((domain, i) => [
        [axisKey("x", i), { ...xAxis, ...sharedAxis("x", i, domain, i + columns >= panels.length) }],
        [axisKey("y", i), { ...yAxis, ...sharedAxis("y", i, domain, i % columns === 0) }],
      ]),
    ),
  };
  return figure(traces, layout, { alt: options.alt ?? descriptionOf(title, panels) });
}

/** The largest number of columns up to 3 or 4 whose titles are no wider than a column. */
function roomyColumns(panels: LinePanel[], xLabel: string, width: number): number {
  const most = panels.length <= 4 ? panels.length : 3;
  const widest = Math.max(...[xLabel, ...panels.map(({ title }) => title)].map(titleWidth));
  const { l, r } = TEMPLATE.layout.margin;
  return Math.min(most, Math.max(1, Math.floor((width - l - r + GAP) / widest)));
}

/** The length of a title of a panel or an axis, with the distance to the next one, in CSS pixels. */
function titleWidth(title: string): number {
  return textWidth(plainText(title), { size: TITLE_SIZE, bold: false, italic: false }) + TITLE_GAP;
}

const axesOf = (index: number) => ({ x: axisId("x", index), y: axisId("y", index) });

/** The curves of each panel; series of one name have the palette's colour of the first. */
function panelCurves(panels: LinePanel[]): Curve[][] {
  const names = [...new Set(panels.flatMap(({ series }) => series.map(({ name }) => name)))];
  const colorOf = (name: string) => PALETTE[names.indexOf(name) % PALETTE.length]!;
  return panels.map(({ title, series, references = [] }) => {
    references.forEach(checkReference);
    if (series.length === 0) throw new Error(`panel "${title}": expected at least one series, got none`);
    const right = series.find(({ axis }) => axis === "right");
    if (right) {
      throw new Error(
        `series "${right.name}" of panel "${title}": panels have a left axis only, got "right"`,
      );
    }
    return series.map((one) => curveOf(one, colorOf(one.name)));
  });
}

/** The traces of all panels, and whether they need a legend: each label is an entry once, each meaning of bands too. */
function panelTraces(curves: Curve[][], y: LineAxis): { traces: PlotlyObject[]; isExplained: boolean } {
  const notes = meaningEntries(
    curves.flat().map(({ color, series: { band } }) => ({ meaning: band?.meaning, color })),
  );
  const seen = new Set<unknown>();
  const isNew = (label: unknown) => !seen.has(label) && seen.add(label) !== undefined;
  const traces = curves.flatMap((some, i) =>
    curveTraces(
      some,
      () => floorOf(y),
      () => ({ xaxis: axisId("x", i), yaxis: axisId("y", i) }),
    ).map((trace) => ({ ...trace, showlegend: trace["showlegend"] === true && isNew(trace["name"]) })),
  );
  const hasRuns = curves.flat().some(({ runs }) => runs.length > 0);
  return { traces: [...traces, ...notes], isExplained: seen.size + notes.length > 1 || hasRuns };
}

/** What an axis of panel `index` adds to the common axis; inner panels have neither tick labels nor a title. */
function sharedAxis(letter: "x" | "y", index: number, domain: PanelDomain, isOuter: boolean): PlotlyObject {
  return {
    domain: domain[letter],
    anchor: axisId(letter === "x" ? "y" : "x", index),
    ...(index > 0 && { matches: letter }),
    ...(!isOuter && { showticklabels: false, title: { text: "" } }),
  };
}

/**
 * The gaps between panels as fractions of the plot, with room for panel titles.
 *
 * @param width The width of the picture in CSS pixels.
 * @param height The height of the picture below its titles in CSS pixels.
 */
function gaps(width: number, height: number): { x: number; y: number } {
  const { l, r, b } = TEMPLATE.layout.margin;
  return { x: GAP / (width - l - r), y: (PANEL_TITLE + GAP / 2) / (height - b) };
}

/** The default alternative text: the title, then a line for each panel with the names of its series. */
function descriptionOf(title: string, panels: LinePanel[]): string {
  const lines = panels.map(
    (panel) => `  ${plainText(panel.title)}: ${panel.series.map(({ name }) => plainText(name)).join(", ")}`,
  );
  return [plainText(title), ...lines].join("\n");
}
