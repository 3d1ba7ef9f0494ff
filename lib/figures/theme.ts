import { FONT_FAMILY } from "./fonts";

/** The default width of a figure in CSS pixels. */
export const WIDTH = 720;
/** The default height of a figure in CSS pixels. */
export const HEIGHT = 440;

/**
 * The colours of series in order, distinguishable in every common form of colour blindness: the palette of Okabe and
 * Ito, "Color Universal Design" (2008), in order of decreasing contrast, without yellow, which is too pale for lines.
 */
export const PALETTE = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"];

/** The colour of lines that are not series, such as reference lines and tolerances. */
export const REFERENCE_COLOR = "#666666";

const INK = "#333333";
const AXIS = "#888888";
const GRID = "#E8E8E8";

export type ColorScale = [number, string][];

function evenly(colors: string[]): ColorScale {
  return colors.map((color, i) => [i / (colors.length - 1), color]);
}

/** The colour scale from blue through white to red for values of both signs: ColorBrewer's RdBu, reversed. */
export const DIVERGING = evenly([
  "#053061",
  "#2166AC",
  "#4393C3",
  "#92C5DE",
  "#D1E5F0",
  "#FFFFFF",
  "#FDDBC7",
  "#F4A582",
  "#D6604D",
  "#B2182B",
  "#67001F",
]);

/** The perceptually uniform colour scale from dark to bright: matplotlib's viridis. */
export const SEQUENTIAL = evenly([
  "#440154",
  "#482878",
  "#3E4A89",
  "#31688E",
  "#26828E",
  "#1F9E89",
  "#35B779",
  "#6DCD59",
  "#B4DE2C",
  "#FDE725",
]);

/** The colour scale from black to white, for pictures. */
export const GREY = evenly(["#000000", "#FFFFFF"]);

/** The colour of missing values, which no colour scale has. */
export const MISSING_COLOR = "#F6E8C3";

const TITLE_SIZE = 15;
const TITLE_PAD = 16;

/**
 * The padding of a title of any number of lines and the margin above the plot, in CSS pixels. Plotly draws the first of
 * several lines higher than a single one, by the height of a capital letter, and its `automargin` would cut it off.
 */
export function titleRoom(title: string): { pad: number; margin: number } {
  const lines = title === "" ? 0 : title.split(/<br\s*\/?>/i).length;
  const pad = TITLE_PAD + (lines > 1 ? 0.7 * TITLE_SIZE : 0);
  return { pad, margin: Math.ceil(pad + 1.3 * TITLE_SIZE * lines + (lines > 0 ? TITLE_PAD : 8)) };
}

const axis = {
  automargin: true,
  color: INK,
  exponentformat: "power",
  gridcolor: GRID,
  gridwidth: 1,
  linecolor: AXIS,
  linewidth: 1,
  // Numbers up to 99,999 and down to 0.0001 are written out.
  minexponent: 4,
  separatethousands: true,
  showline: true,
  tickcolor: AXIS,
  ticklen: 4,
  ticks: "outside",
  title: { font: { size: 13 }, standoff: 10 },
  zeroline: false,
};

/** The look of every figure as a Plotly template, which a figure's own layout overrides. */
export const TEMPLATE = {
  layout: {
    annotationdefaults: { font: { size: 13 }, showarrow: false },
    coloraxis: {
      colorbar: {
        exponentformat: "power",
        outlinewidth: 0,
        thickness: 14,
        ticks: "outside",
        ticklen: 4,
        title: { side: "top" },
      },
    },
    colorscale: { diverging: DIVERGING, sequential: SEQUENTIAL },
    colorway: PALETTE,
    font: { color: INK, family: FONT_FAMILY, size: 12 },
    hovermode: "x unified",
    legend: { bgcolor: "rgba(255,255,255,0)", tracegroupgap: 0 },
    margin: { b: 56, l: 64, r: 24 },
    paper_bgcolor: "#FFFFFF",
    plot_bgcolor: "#FFFFFF",
    title: {
      font: { size: TITLE_SIZE },
      x: 0,
      xanchor: "left",
      xref: "paper",
      y: 1,
      yanchor: "top",
      yref: "container",
    },
    xaxis: axis,
    yaxis: axis,
  },
  data: {
    scatter: [{ line: { width: 1.8 }, marker: { size: 6 } }],
  },
};
