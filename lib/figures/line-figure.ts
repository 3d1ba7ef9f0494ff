import { type Figure, type FigureOptions, figure, type PlotlyObject } from "./figure";
import { axisLayout, type LineAxis, rightAxisLayout } from "./line-axis";
import { floorOf, meaningEntries, withRoomForBands } from "./line-band";
import { type Curve, curveOf, curveTraces, type LineSeries, ordinatesOf } from "./line-series";
import { checkReference, type ReferenceLine, referenceLabel, referenceShape } from "./reference-line";
import { PALETTE } from "./theme";

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

/**
 * Draws curves over a common x axis, with optional bands, reference lines and a second y axis.
 *
 * A series with `runs` is drawn as a faint line for each run and a strong one for their mean. A band that reaches down
 * to 0 or below on a log axis is drawn down to the end of the axis.
 *
 * @returns The figure.
 * @throws Error if a series does not have exactly one of `y` and `runs`, its arrays differ in length, or its colour is
 *   not #RRGGBB and it has a band; if a range is not finite or not positive on a log axis, a step makes more than 1000
 *   ticks, a series is on the right axis without `yRight`, or a reference line does not have exactly one of `x` and
 *   `y`, finite.
 *
 * @example
 * lineFigure({
 *   title: "Loss",
 *   x: { label: "step" },
 *   y: { label: "loss", type: "log" },
 *   series: [{ name: "training", runs: lossesOfSeeds }, { name: "theory", y: losses, dash: "dash" }],
 * });
 */
export function lineFigure(options: LineFigureOptions): Figure {
  const { title, x, y, yRight, series, references = [], width, height, alt } = options;
  references.forEach(checkReference);
  const curves = series.map((one, i) => curveOf(one, PALETTE[i % PALETTE.length]!));
  for (const curve of curves) checkAxis(curve, yRight);
  const left = verticalAxis(
    y,
    curves.filter((curve) => !isRight(curve)),
  );
  const right = yRight && verticalAxis(yRight, curves.filter(isRight));
  const notes = meaningEntries(
    curves.map(({ color, series: { band } }) => ({ meaning: band?.meaning, color })),
  );
  const traces = curveTraces(
    curves,
    (curve) => floorOf(isRight(curve) ? right!.axis : left.axis),
    (curve) => (isRight(curve) ? { yaxis: "y2" } : {}),
  );
  const isExplained = curves.length + notes.length > 1 || curves.some(({ runs }) => runs.length > 0);
  const { legend = isExplained ? "right" : "none" } = options;
  const layout = {
    title: { text: title },
    xaxis: axisLayout(
      x,
      "x",
      curves.map((curve) => curve.x),
    ),
    yaxis: axisLayout(left.axis, "y", left.values),
    ...(right && { yaxis2: rightAxisLayout(right.axis, right.values) }),
    shapes: references.map((reference) => referenceShape(reference)),
    annotations: references.map((reference) => referenceLabel(reference, x, y)),
    showlegend: legend !== "none",
    legend: legendLayout(legend),
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
  };
  return figure([...traces, ...notes], layout, { alt });
}

const isRight = ({ series }: Curve) => series.axis === "right";

function checkAxis({ series: { name, axis } }: Curve, yRight: LineAxis | undefined): void {
  if (axis === "right" && !yRight) {
    throw new Error(`series "${name}" is on the right axis, expected the option yRight, got none`);
  }
}

/** A vertical axis with room for the bands of its curves, and all values along it. */
export function verticalAxis(
  axis: LineAxis,
  curves: Curve[],
): { axis: LineAxis; values: ArrayLike<number>[] } {
  const values = ordinatesOf(curves);
  const bands = curves.flatMap(({ series: { band } }) => band ?? []);
  return { axis: withRoomForBands(axis, values, bands), values };
}

/** The layout of a legend outside the plot. */
export function legendLayout(position: "right" | "bottom" | "none"): PlotlyObject {
  if (position === "bottom") return { orientation: "h", x: 0, y: 0, yref: "container", yanchor: "bottom" };
  return {};
}
