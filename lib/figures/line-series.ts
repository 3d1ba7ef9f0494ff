import type { PlotlyObject } from "./figure";
import { bandTrace, type LineBand } from "./line-band";

/** The dash pattern of a line. */
export type Dash = "solid" | "dot" | "dash" | "longdash" | "dashdot";

/** One curve of a `lineFigure` or a panel of `linePanels`, with the points of exactly one of `y` and `runs`. */
export interface LineSeries {
  /** The name in the legend. */
  name: string;
  /** The x coordinates, as many as `y`, or as each run has values. Default: 0, 1, 2, … */
  x?: ArrayLike<number>;
  /** The y coordinates; NaN and infinities are gaps. */
  y?: ArrayLike<number>;
  /**
   * The y coordinates of several runs of one setting, such as a run for each seed, all of one length. Each run is a
   * faint line, and their arithmetic mean is the curve, with a gap wherever a run has NaN or an infinity. The legend
   * says of how many runs it is the mean. A single run is drawn as `y` is.
   */
  runs?: ArrayLike<number>[];
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
  /** A shaded area around the line, such as ± one standard deviation. */
  band?: LineBand;
  /** The vertical axis of the series; a panel of `linePanels` has the left one only. Default: "left". */
  axis?: "left" | "right";
}

/** A series with all that is drawn of it. */
export interface Curve {
  /** The text in the legend. */
  label: string;
  x: number[];
  /** The values of the strong line: the only run, or the mean of the runs. */
  y: number[];
  /** The faint lines. */
  runs: number[][];
  color: string;
  series: LineSeries;
}

/** The opacity of a single run, and its width in CSS pixels. */
const RUN = { opacity: 0.35, width: 1 };

/**
 * Prepares a series for drawing.
 *
 * @param paletteColor The colour of a series without one.
 * @throws Error if the series does not have exactly one of `y` and `runs`, has no run, has arrays of different lengths,
 *   or has a band and a colour that is not #RRGGBB.
 */
export function curveOf(series: LineSeries, paletteColor: string): Curve {
  checkSeries(series);
  const runs = (series.runs ?? [series.y!]).map((values) => Array.from(values));
  const y = runs.length === 1 ? runs[0]! : meanOf(runs);
  return {
    label: runs.length === 1 ? series.name : `${series.name}, mean of ${runs.length} runs`,
    x: series.x ? Array.from(series.x) : y.map((_, i) => i),
    y,
    runs: runs.length === 1 ? [] : runs,
    color: series.color ?? paletteColor,
    series,
  };
}

function checkSeries({ name, x, y, runs, band, color }: LineSeries): void {
  if ((y === undefined) === (runs === undefined)) {
    throw new Error(`series "${name}": expected either y or runs, got ${y ? "both" : "neither"}`);
  }
  const first = y ?? runs![0];
  if (!first) throw new Error(`series "${name}": expected at least one run, got none`);
  const others = { x, "band.lower": band?.lower, "band.upper": band?.upper };
  const later = (runs ?? []).map((run, i) => [`runs[${i}]`, run] as const);
  for (const [property, values] of [...Object.entries(others), ...later]) {
    if (values && values.length !== first.length) {
      const reference = y ? "y" : "runs[0]";
      throw new Error(
        `series "${name}": expected ${property} as long as ${reference}, got ${values.length} and ${first.length} values`,
      );
    }
  }
  if (band && color !== undefined && !/^#[\da-f]{6}$/i.test(color)) {
    throw new Error(`series "${name}": expected a colour in the form #RRGGBB for a band, got "${color}"`);
  }
}

/** The mean of the runs at each point; not a number wherever a run has no finite value. */
function meanOf(runs: number[][]): number[] {
  return runs[0]!.map((_, i) => {
    const values = runs.map((run) => run[i]!);
    // Divided before they are added, so that the sum of large values does not overflow.
    return values.every(Number.isFinite)
      ? values.reduce((sum, value) => sum + value / runs.length, 0)
      : Number.NaN;
  });
}

/** All values of curves along their y axis. */
export function ordinatesOf(curves: Curve[]): ArrayLike<number>[] {
  return curves.flatMap(({ y, runs, series: { band } }) => [
    y,
    ...runs,
    ...(band ? [band.lower, band.upper] : []),
  ]);
}

/**
 * The traces of curves: bands and single runs first, so that no strong line lies beneath them.
 *
 * @param floorOf The ordinate at which a curve's band is cut off on a log axis; undefined on a linear axis.
 * @param axesOf Plotly's axes of a curve, such as `{ yaxis: "y2" }`.
 */
export function curveTraces(
  curves: Curve[],
  floorOf: (curve: Curve) => number | undefined,
  axesOf: (curve: Curve) => PlotlyObject,
): PlotlyObject[] {
  const place = (curve: Curve) => ({ ...axesOf(curve), legendgroup: curve.series.name });
  const bands = curves.flatMap((curve) =>
    curve.series.band
      ? [{ ...bandTrace(curve.x, curve.series.band, curve.color, floorOf(curve)), ...place(curve) }]
      : [],
  );
  const runs = curves.flatMap((curve) => runTraces(curve).map((trace) => ({ ...trace, ...place(curve) })));
  return [...bands, ...runs, ...curves.map((curve) => ({ ...strongTrace(curve), ...place(curve) }))];
}

function strongTrace({ label, x, y, color, series }: Curve): PlotlyObject {
  const { dash = "solid", inLegend = true } = series;
  const mode = modeOf(series, y.length);
  return {
    type: "scatter",
    name: label,
    x,
    y,
    mode,
    line: { color, dash },
    marker: { color },
    showlegend: inLegend,
  };
}

/** The faint traces of single runs, which have no names, so that neither the legend nor the summary lists them. */
function runTraces({ x, runs, color, series }: Curve): PlotlyObject[] {
  const { dash = "solid", lines = true } = series;
  const mode = lines && x.length > 1 ? "lines" : "markers";
  const look = { mode, line: { color, dash, width: RUN.width }, marker: { color }, opacity: RUN.opacity };
  return runs.map((y) => ({ type: "scatter", x, y, ...look, showlegend: false, hoverinfo: "skip" }));
}

function modeOf({ lines = true, markers }: LineSeries, points: number): string {
  const isMarked = markers ?? (!lines || points === 1);
  return [...(lines ? ["lines"] : []), ...(isMarked ? ["markers"] : [])].join("+");
}
