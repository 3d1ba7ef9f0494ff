import { type Figure, type FigureOptions, figure, type PlotlyObject } from "./figure";
import { extent } from "./json";
import { PALETTE, REFERENCE_COLOR } from "./theme";

/** The dash pattern of a line. */
export type Dash = "solid" | "dot" | "dash" | "longdash" | "dashdot";

/** An axis of a `lineFigure`. */
export interface LineAxis {
  /** The axis title, which may contain Plotly's markup, such as `W<sub>32</sub>`. */
  label: string;
  /** The least and greatest values shown, both finite and in the data's units, even on a log axis. Default: fitted. */
  range?: [number, number];
  /** The scale of the axis; a log axis omits values ≤ 0. Default: "linear". */
  type?: "linear" | "log";
  /** The tick format in d3-format's syntax, such as ".0%". Default: plain numbers and powers of ten. */
  format?: string;
  /** The distance of the ticks on a linear axis, > 0, with a tick at 0 and at most 1000 ticks. Default: fitted. */
  step?: number;
}

/** One curve of a `lineFigure`. */
export interface LineSeries {
  /** The name in the legend. */
  name: string;
  /** The x coordinates, as many as `y`. Default: 0, 1, 2, … */
  x?: ArrayLike<number>;
  /** The y coordinates; NaN and infinities are gaps. */
  y: ArrayLike<number>;
  /** The dash pattern of the line. Default: "solid". */
  dash?: Dash;
  /** A CSS colour, in the form #RRGGBB if there is a band. Default: the palette's next colour. */
  color?: string;
  /** Whether points have markers. Default: only if there are no lines or just one point. */
  markers?: boolean;
  /** Whether a line joins the points. Default: true. */
  lines?: boolean;
  /** Whether the series appears in the legend. Default: true. */
  inLegend?: boolean;
  /** A shaded area around the line, such as ± one standard deviation; both arrays are as long as `y`. */
  band?: { lower: ArrayLike<number>; upper: ArrayLike<number> };
  /** The vertical axis of the series. Default: "left". */
  axis?: "left" | "right";
}

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

/** Options of `lineFigure`. */
export interface LineFigureOptions extends FigureOptions {
  title: string;
  x: LineAxis;
  y: LineAxis;
  /** A second vertical axis, for the series with `axis: "right"`. Default: none. */
  yRight?: LineAxis;
  series: LineSeries[];
  /** Default: none. */
  references?: ReferenceLine[];
  /** The position of the legend outside the plot. Default: "right", or "none" for a single series. */
  legend?: "right" | "bottom" | "none";
  /** The width of the figure in CSS pixels. Default: 720. */
  width?: number;
  /** The height of the figure in CSS pixels. Default: 440. */
  height?: number;
}

/** The opacity of a band, 20 %, as two hexadecimal digits. */
const BAND_ALPHA = "33";

const MOST_TICKS = 1000;

/** Plotly enlarges the labels of powers of ten on a log axis by 1.25, to about the size of other tick labels. */
const POWER_TICK_SIZE = 10;

/**
 * Draws curves over a common x axis, with optional bands, reference lines and a second y axis.
 *
 * @returns The figure.
 * @throws Error if the arrays of a series differ in length, the colour of a series with a band is not #RRGGBB, a range
 *   is not finite or not positive on a log axis, a step makes more than 1000 ticks, a series is on the right axis
 *   without `yRight`, or a reference line does not have exactly one of `x` and `y`, finite.
 *
 * @example
 * lineFigure({
 *   title: "Loss",
 *   x: { label: "step" },
 *   y: { label: "loss", type: "log" },
 *   series: [{ name: "training", y: losses }],
 * });
 */
export function lineFigure(options: LineFigureOptions): Figure {
  const { title, x, y, yRight, series, references = [], width, height, alt } = options;
  const { legend = series.length > 1 ? "right" : "none" } = options;
  references.forEach(checkReference);
  const traces = series.flatMap((one, i) => seriesTraces(one, PALETTE[i % PALETTE.length]!, yRight));
  const layout = {
    title: { text: title },
    xaxis: axisLayout(
      x,
      "x",
      series.map((one) => one.x ?? [0, one.y.length - 1]),
    ),
    yaxis: axisLayout(y, "y", ordinates(series, "left")),
    ...(yRight && { yaxis2: rightAxisLayout(yRight, ordinates(series, "right")) }),
    shapes: references.map(referenceShape),
    annotations: references.map((reference) => referenceLabel(reference, x, y)),
    showlegend: legend !== "none",
    legend: legendLayout(legend),
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
  };
  return figure(traces, layout, { alt });
}

function seriesTraces(
  series: LineSeries,
  paletteColor: string,
  yRight: LineAxis | undefined,
): PlotlyObject[] {
  checkSeries(series, yRight);
  const { name, y, x = indices(y), dash = "solid", color = paletteColor, band, axis = "left" } = series;
  const { lines = true, inLegend = true } = series;
  const { markers = !lines || y.length === 1 } = series;
  const common = { type: "scatter", x: Array.from(x), ...(axis === "right" && { yaxis: "y2" }) };
  const line = {
    ...common,
    name,
    y: Array.from(y),
    mode: [...(lines ? ["lines"] : []), ...(markers ? ["markers"] : [])].join("+"),
    line: { color, dash },
    marker: { color },
    legendgroup: name,
    showlegend: inLegend,
  };
  if (!band) return [line];
  const edge = {
    ...common,
    mode: "lines",
    line: { width: 0, color },
    legendgroup: name,
    showlegend: false,
    hoverinfo: "skip",
  };
  const lower = { ...edge, y: Array.from(band.lower) };
  const upper = { ...edge, y: Array.from(band.upper), fill: "tonexty", fillcolor: `${color}${BAND_ALPHA}` };
  return [lower, upper, line];
}

function checkSeries({ name, x, y, band, axis, color }: LineSeries, yRight: LineAxis | undefined): void {
  const others = { x, "band.lower": band?.lower, "band.upper": band?.upper };
  for (const [property, values] of Object.entries(others)) {
    if (values && values.length !== y.length) {
      throw new Error(
        `series "${name}": expected ${property} as long as y, got ${values.length} and ${y.length} values`,
      );
    }
  }
  if (band && color !== undefined && !/^#[\da-f]{6}$/i.test(color)) {
    throw new Error(`series "${name}": expected a colour in the form #RRGGBB for a band, got "${color}"`);
  }
  if (axis === "right" && !yRight) {
    throw new Error(`series "${name}" is on the right axis, expected the option yRight, got none`);
  }
}

function indices({ length }: ArrayLike<number>): number[] {
  return Array.from({ length }, (_, i) => i);
}

function ordinates(series: LineSeries[], side: "left" | "right"): ArrayLike<number>[] {
  return series
    .filter(({ axis = "left" }) => axis === side)
    .flatMap(({ y, band }) => (band ? [y, band.lower, band.upper] : [y]));
}

function axisLayout(axis: LineAxis, name: string, values: ArrayLike<number>[]): PlotlyObject {
  const { label, range, type = "linear", format, step } = axis;
  if (range && !(range.length === 2 && range.every(Number.isFinite))) {
    throw new Error(`the range of ${name}: expected two finite numbers, got [${range}]`);
  }
  if (step !== undefined) checkStep(step, name, range ?? extentOf(values));
  return {
    title: { text: label },
    type,
    ...(range && { range: type === "log" ? logRange(range, name) : range }),
    ...(type === "log" && logTicks(range ?? values.flatMap((part) => Array.from(part)), format)),
    ...(format !== undefined && { tickformat: format }),
    ...(type === "linear" && step !== undefined && { dtick: step }),
  };
}

function checkStep(step: number, name: string, [least, greatest]: [number, number]): void {
  const ticks = (greatest - least) / step;
  if (!(step > 0 && Number.isFinite(step) && ticks <= MOST_TICKS)) {
    throw new Error(
      `the step of ${name}: expected a positive number with at most ${MOST_TICKS} ticks from ${least} to ${greatest}, got ${step}`,
    );
  }
}

/** The least and the greatest finite number of several arrays; [0, 0] if there are none. */
function extentOf(arrays: ArrayLike<number>[]): [number, number] {
  const ranges = arrays.flatMap((values) => extent(Array.from(values)) ?? []);
  return extent(ranges) ?? [0, 0];
}

/**
 * The ticks of a log axis: over 1.5 decades or more at most ten powers of ten, over fewer also 2 and 5 times the powers
 * of ten, with explicit labels because Plotly would write bare digits.
 */
function logTicks(values: number[], format: string | undefined): PlotlyObject {
  const [least, greatest] = extent(values.filter((value) => value > 0)) ?? [1, 1];
  const decades = Math.log10(greatest / least);
  if (decades >= 1.5) return { dtick: Math.ceil(decades / 10), tickfont: { size: POWER_TICK_SIZE } };
  const powers = indices({ length: Math.ceil(decades) + 2 }).map((i) => i + Math.floor(Math.log10(least)));
  const ticks = powers.flatMap((power) => [1, 2, 5].map((digit) => Number(`${digit}e${power}`)));
  const areEnough = ticks.filter((value) => least <= value && value <= greatest).length >= 3;
  if (!areEnough) return {};
  return { tickvals: ticks, ...(format === undefined && { ticktext: ticks.map(tickText) }) };
}

/** Formats a tick like the theme's numbers on other axes. */
function tickText(value: number): string {
  if (value >= 1e-4 && value < 1e5) return value.toLocaleString("en", { maximumFractionDigits: 4 });
  const [digit, power] = value.toExponential().split("e");
  return `${digit === "1" ? "" : `${digit}×`}10<sup>${Number(power)}</sup>`;
}

/**
 * The right axis has its own ticks, so that its numbers are round, and no grid, which would not coincide with the left
 * axis's.
 */
function rightAxisLayout(axis: LineAxis, values: ArrayLike<number>[]): PlotlyObject {
  const layout = { overlaying: "y", side: "right", tickmode: "auto", showgrid: false };
  return { ...axisLayout(axis, "yRight", values), ...layout };
}

/** Converts the range of a log axis to the exponents of ten that Plotly expects. */
function logRange(range: [number, number], name: string): number[] {
  if (!range.every((end) => end > 0)) {
    throw new Error(`the range of ${name}: a log axis shows positive values only, got [${range}]`);
  }
  return range.map(Math.log10);
}

function checkReference({ x, y }: ReferenceLine): void {
  if ((x === undefined) === (y === undefined)) {
    throw new Error(`a reference line requires either x or y, got x = ${x} and y = ${y}`);
  }
  if (!Number.isFinite(x ?? y)) {
    throw new Error(
      `a reference line requires a finite number, got ${x === undefined ? "y" : "x"} = ${x ?? y}`,
    );
  }
}

function referenceShape({ x, y, dash = "dash" }: ReferenceLine): PlotlyObject {
  const position =
    y === undefined
      ? { x0: x, x1: x, yref: "y domain", y0: 0, y1: 1 }
      : { xref: "x domain", x0: 0, x1: 1, y0: y, y1: y };
  return { type: "line", ...position, line: { color: REFERENCE_COLOR, dash, width: 1.4 } };
}

/**
 * The text beside a reference line, as an annotation, for which Plotly makes room; a shape's own label would be cut at
 * the plot's edge. On a log axis an annotation, unlike a shape, is placed by its exponent.
 */
function referenceLabel({ x, y, label = "" }: ReferenceLine, xAxis: LineAxis, yAxis: LineAxis): PlotlyObject {
  const place = (value: number, { type }: LineAxis) => (type === "log" ? Math.log10(value) : value);
  const position =
    y === undefined
      ? { x: place(x!, xAxis), xanchor: "left", yref: "y domain", y: 1, yanchor: "top" }
      : { xref: "x domain", x: 1, xanchor: "right", y: place(y, yAxis), yanchor: "bottom" };
  return { text: label, font: { color: REFERENCE_COLOR, size: 12 }, ...position };
}

function legendLayout(position: "right" | "bottom" | "none"): PlotlyObject {
  if (position === "bottom") return { orientation: "h", x: 0, y: 0, yref: "container", yanchor: "bottom" };
  return {};
}
