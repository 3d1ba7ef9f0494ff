import type { PlotlyObject } from "./figure";
import { extent } from "./json";
import type { LineAxis } from "./line-axis";
import { REFERENCE_COLOR } from "./theme";

/** A shaded area around a line, such as the mean ± one standard deviation. */
export interface LineBand {
  /** The lower edge, as many values as the line has; NaN and infinities are gaps. */
  lower: ArrayLike<number>;
  /** The upper edge, as many values as the line has; NaN and infinities are gaps. */
  upper: ArrayLike<number>;
  /** What the band shows, such as "95 % interval of the mean", as an entry of the legend. Default: no entry. */
  meaning?: string;
}

/** The opacities of a band's area, 20 %, and of its edge, 40 %, as two hexadecimal digits. */
const [AREA_ALPHA, EDGE_ALPHA] = ["33", "66"];

/**
 * The trace of a band: a filled polygon for each stretch of points without a gap. An isolated point is a vertical line.
 *
 * @param x The abscissas of the points.
 * @param color The colour of the band, in the form #RRGGBB.
 * @param floor The ordinate ≥ 0 at which edges ≤ 0 are drawn on a log axis; undefined for a linear axis.
 */
export function bandTrace(
  x: number[],
  { lower, upper }: LineBand,
  color: string,
  floor: number | undefined,
): PlotlyObject {
  const isWhole = (i: number) =>
    [x[i], lower[i], upper[i]].every(Number.isFinite) && (floor === undefined || upper[i]! > 0);
  const edge = (value: number) => (floor !== undefined && value <= 0 ? floor : value);
  const outlines = stretches(x.length, isWhole).map((stretch) => {
    const back = [...stretch].reverse();
    return {
      x: [...stretch, ...back].map((i) => x[i]!),
      y: [...stretch.map((i) => edge(lower[i]!)), ...back.map((i) => upper[i]!)],
    };
  });
  return {
    type: "scatter",
    mode: "lines",
    x: separated(outlines.map((outline) => outline.x)),
    y: separated(outlines.map((outline) => outline.y)),
    fill: "toself",
    fillcolor: `${color}${AREA_ALPHA}`,
    line: { color: `${color}${EDGE_ALPHA}`, width: 1 },
    hoverinfo: "skip",
    showlegend: false,
  };
}

/** The indices below `count` in stretches of neighbours that all are whole. */
function stretches(count: number, isWhole: (index: number) => boolean): number[][] {
  const all: number[][] = [];
  for (let i = 0; i < count; i++) {
    if (!isWhole(i)) continue;
    if (i > 0 && isWhole(i - 1)) all.at(-1)!.push(i);
    else all.push([i]);
  }
  return all;
}

/** Joins arrays with a gap between each two. */
function separated(parts: number[][]): (number | null)[] {
  return parts.flatMap((part, i) => (i === 0 ? part : [null, ...part]));
}

/**
 * The entries of the legend that say what bands mean, one for each meaning, in the colour of its bands, or in grey if
 * they have several.
 */
export function meaningEntries(bands: { meaning: string | undefined; color: string }[]): PlotlyObject[] {
  const meanings = new Set(bands.flatMap(({ meaning }) => meaning || []));
  return [...meanings].map((meaning) => {
    const colors = new Set(bands.filter((band) => band.meaning === meaning).map(({ color }) => color));
    const [color = REFERENCE_COLOR] = colors.size === 1 ? colors : [];
    const { line, fillcolor, hoverinfo } = bandTrace([], { lower: [], upper: [] }, color, undefined);
    const look = { mode: "lines", fill: "toself", line, fillcolor, hoverinfo };
    return { type: "scatter", name: meaning, x: [null], y: [null], ...look, showlegend: true };
  });
}

/**
 * A log axis with a range, where bands reach down to 0 or below, which it cannot show: they are then drawn down to the
 * end of the axis. Other axes are returned as they are.
 *
 * @param values All values along the axis.
 * @param bands The bands along the axis.
 */
export function withRoomForBands(axis: LineAxis, values: ArrayLike<number>[], bands: LineBand[]): LineAxis {
  const isBelow = bands.some(({ lower }) => Array.from(lower).some((value) => value <= 0));
  if (axis.type !== "log" || axis.range || !isBelow) return axis;
  const positive = values.flatMap((part) => Array.from(part).filter((value) => value > 0));
  const [least, greatest] = extent(positive) ?? [1, 1];
  const margin = Math.max((greatest / least) ** 0.06, 1.1);
  return { ...axis, range: [least / margin, greatest * margin] };
}

/** The ordinate at which the edges ≤ 0 of bands are drawn: the lower end of a log axis; none on a linear axis. */
export function floorOf({ type, range }: LineAxis): number | undefined {
  return type === "log" && range ? Math.min(...range) : undefined;
}
