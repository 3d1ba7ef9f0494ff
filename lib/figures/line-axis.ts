import type { PlotlyObject } from "./figure";
import { extent } from "./json";

/** An axis of a `lineFigure` or of `linePanels`. */
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

const MOST_TICKS = 1000;

/** Plotly enlarges the labels of powers of ten on a log axis by 1.25, to about the size of other tick labels. */
const POWER_TICK_SIZE = 10;

/**
 * Plotly's layout of an axis.
 *
 * @param name The name of the axis in errors.
 * @param values All values along the axis.
 * @throws Error if the range is not finite or not positive on a log axis, or the step makes more than 1000 ticks.
 */
export function axisLayout(axis: LineAxis, name: string, values: ArrayLike<number>[]): PlotlyObject {
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
  const powers = Array.from({ length: Math.ceil(decades) + 2 }, (_, i) => i + Math.floor(Math.log10(least)));
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
export function rightAxisLayout(axis: LineAxis, values: ArrayLike<number>[]): PlotlyObject {
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
