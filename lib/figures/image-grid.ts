import { requireInteger } from "../checks/check-range";
import { type Figure, type FigureOptions, figure, type PlotlyObject } from "./figure";
import { extent } from "./json";
import { colorRange, type MatrixLike, rowsOf } from "./matrix";
import { plainText } from "./summary";
import { textWidth } from "./text-measure";
import { DIVERGING, GREY, MISSING_COLOR, REFERENCE_COLOR, titleRoom, WIDTH } from "./theme";

/** Options of `imageGrid`. */
export interface ImageGridOptions extends FigureOptions {
  title: string;
  /** The number of pictures in a row, ≥ 1. Default: all of them up to 10. */
  columns?: number;
  /** The text above each picture, which Plotly's markup may format. Default: none. */
  titles?: string[];
  /** The [height, width] of pictures that are given as flat arrays of height · width values, row after row. */
  shape?: [number, number];
  /** Whether colours go from blue through white at 0 to red, instead of from black to white. Default: false. */
  symmetric?: boolean;
  /**
   * The values of the first and the last colour, finite and increasing; [−a, a] with `symmetric`. Default: the extremes
   * of all pictures; with `symmetric`, ± the largest magnitude.
   */
  range?: [number, number];
  /** The title of the colour bar. Default: none. */
  colorLabel?: string;
  /** The width of the figure in CSS pixels. Default: 720. */
  width?: number;
}

/** The margins at the left, below, and at least at the right, where the colour bar is, in CSS pixels. */
const [LEFT, BOTTOM, RIGHT] = [24, 24, 62];
/** The room for the line of a frame around the grid in CSS pixels. */
const LINE_WIDTH = 1;
/** The distance of the colour bar from the grid in CSS pixels. */
const BAR_PAD = 12;
/** The largest sides of a picture and of a cell, and the least gap between pictures, in CSS pixels. */
const [LARGEST, LARGEST_CELL, GAP] = [112, 16, 8];
/** The height of a line of a picture's title in CSS pixels. */
const LINE = 16;
const TITLE_SIZE = 12;
/** The significant digits of a picture's values, more than a colour scale can show. */
const DIGITS = 4;

/** The grid in cells: `pitch` is the distance of neighbouring pictures. */
interface Layout {
  /** The CSS pixels of a cell, an integer, so that all cells are drawn equally large. */
  cell: number;
  pitch: { x: number; y: number };
  count: { x: number; y: number };
  size: { x: number; y: number };
  /** How far a title may reach beyond its picture on both sides in CSS pixels. */
  overhang: number;
}

/**
 * Draws small pictures, such as digits or rows of a weight matrix, in a grid with one grey colour scale, or with
 * `symmetric` one from blue through white at 0 to red. The figure's height follows from the pictures.
 *
 * Each value is a square of the same integer number of CSS pixels. Values are stored with four significant digits; NaN
 * and infinities are shown in a colour outside of the scale.
 *
 * @param pictures Matrices of one size, [height, width] with row 0 at the top, or flat arrays with the option `shape`.
 * @returns The figure.
 * @throws Error if there are no pictures, one is empty or of another size, `titles` is not as long as `pictures`, a row
 *   of the grid is wider than the figure, or the range is not finite, increasing and, with `symmetric`, of the form
 *   [−a, a]; RangeError for a number of columns or a side in `shape` that is not an integer ≥ 1.
 *
 * @example
 * imageGrid(digits, { title: "The first twenty digits", shape: [28, 28], titles: labels.map(String) });
 */
export function imageGrid(
  pictures: ArrayLike<MatrixLike | ArrayLike<number>>,
  options: ImageGridOptions,
): Figure {
  const { title, titles, symmetric = false, range, width = WIDTH, colorLabel = "" } = options;
  const { columns = Math.min(Math.max(pictures.length, 1), 10) } = options;
  requireInteger("imageGrid: columns", columns, 1);
  const matrices = matricesOf(pictures, options);
  if (titles && titles.length !== matrices.length) {
    throw new Error(
      `imageGrid: expected a title for each of ${matrices.length} pictures, got ${titles.length}`,
    );
  }
  const beside = Math.max(RIGHT - BAR_PAD, ...linesOf(colorLabel).map((line) => widthOf(line) + GAP));
  const layout = layOut(matrices, Math.min(columns, matrices.length), titles, width - beside);
  const left = Math.max(LEFT, layout.overhang);
  const [cmin, cmax] = colorRange(matrices, symmetric, range);
  const across = layout.pitch.x * (layout.count.x - 1) + layout.size.x;
  const down = layout.pitch.y * layout.count.y;
  const top = titleRoom(title).margin;
  const axis = { visible: false, fixedrange: true };
  const edge = 0.5 + LINE_WIDTH / layout.cell;
  const trace = {
    type: "heatmap",
    z: cellsOf(matrices, layout, across),
    hovertemplate: "%{z}<extra></extra>",
  };
  return figure(
    [{ ...trace, coloraxis: "coloraxis", hoverongaps: false }],
    {
      width,
      height: top + down * layout.cell + 2 * LINE_WIDTH + BOTTOM,
      title: { text: title },
      hovermode: "closest",
      margin: { t: top, l: left, r: width - left - across * layout.cell - 2 * LINE_WIDTH, b: BOTTOM },
      xaxis: { ...axis, range: [-edge, across - 1 + edge] },
      yaxis: { ...axis, range: [down - 1 + edge, -edge] },
      coloraxis: {
        cmin,
        cmax,
        colorscale: symmetric ? DIVERGING : GREY,
        colorbar: { title: { text: colorLabel }, x: 1, xpad: Math.max(BAR_PAD, layout.overhang), ypad: 0 },
      },
      shapes: matrices.map((_, i) => frame(i, layout)),
      annotations: (titles ?? []).map((text, i) => pictureTitle(text, i, layout)),
    },
    { alt: options.alt ?? descriptionOf(matrices, titles, title) },
  );
}

function matricesOf(
  pictures: ArrayLike<MatrixLike | ArrayLike<number>>,
  { shape }: ImageGridOptions,
): number[][][] {
  if (pictures.length === 0) throw new Error("imageGrid expects at least one picture, got none");
  if (shape) for (const side of shape) requireInteger("imageGrid: a side in shape", side, 1);
  const matrices = Array.from(pictures, (picture, i) =>
    shape
      ? folded(picture as ArrayLike<number>, shape, i)
      : rowsOf(picture as MatrixLike, `picture ${i + 1}`),
  );
  const sizeOf = (matrix: number[][]) => `${matrix.length} × ${matrix[0]!.length}`;
  const other = matrices.findIndex((matrix) => sizeOf(matrix) !== sizeOf(matrices[0]!));
  if (other >= 0) {
    throw new Error(
      `imageGrid: expected pictures of one size, got ${sizeOf(matrices[0]!)} and, as picture ${other + 1}, ${sizeOf(matrices[other]!)}`,
    );
  }
  return matrices;
}

function folded(values: ArrayLike<number>, [height, width]: [number, number], index: number): number[][] {
  if (values.length !== height * width) {
    throw new Error(
      `imageGrid: expected ${height} × ${width} values in picture ${index + 1}, got ${values.length}`,
    );
  }
  const flat = Array.from(values);
  return Array.from({ length: height }, (_, row) => flat.slice(row * width, (row + 1) * width));
}

/**
 * The grid with the largest cells that fit.
 *
 * @param room The width beside the colour bar in CSS pixels.
 */
function layOut(matrices: number[][][], columns: number, titles: string[] | undefined, room: number): Layout {
  const size = { x: matrices[0]![0]!.length, y: matrices[0]!.length };
  const widest = Math.max(0, ...(titles ?? []).flatMap(linesOf).map(widthOf));
  const lines = Math.max(0, ...(titles ?? []).map((title) => linesOf(title).length));
  const largest = Math.min(LARGEST_CELL, Math.max(1, Math.floor(LARGEST / Math.max(size.x, size.y))));
  for (let cell = largest; cell >= 1; cell--) {
    const pitch = {
      x: Math.ceil((Math.max(size.x * cell, widest) + GAP) / cell),
      y: size.y + Math.ceil((GAP + LINE * lines) / cell),
    };
    const overhang = Math.max(0, Math.ceil((widest - size.x * cell) / 2)) + GAP / 2;
    const across = (pitch.x * (columns - 1) + size.x) * cell + 2 * LINE_WIDTH;
    if (Math.max(LEFT, overhang) + across + Math.max(BAR_PAD, overhang) <= room) {
      const rows = Math.ceil(matrices.length / columns);
      return { cell, pitch, size, overhang, count: { x: columns, y: rows } };
    }
  }
  throw new Error(
    `imageGrid: ${columns} pictures of ${size.x} values a row with titles of up to ${Math.ceil(widest)} pixels do not fit into ${Math.floor(room)} pixels; expected fewer columns, shorter titles or a greater width`,
  );
}

const linesOf = (title: string) => title.split(/<br\s*\/?>/i);
const widthOf = (line: string) =>
  textWidth(plainText(line), { size: TITLE_SIZE, bold: false, italic: false });

/** The cells of the whole grid, with null between pictures. Each picture lies at the bottom of its place. */
function cellsOf(matrices: number[][][], layout: Layout, across: number): (number | null)[][] {
  const cells = Array.from({ length: layout.pitch.y * layout.count.y }, () =>
    new Array<number | null>(across).fill(null),
  );
  matrices.forEach((matrix, index) => {
    const { x, y } = corner(index, layout);
    matrix.forEach((row, i) => {
      row.forEach((value, j) => {
        cells[y + i]![x + j] = Number.isFinite(value) ? Number(value.toPrecision(DIGITS)) : null;
      });
    });
  });
  return cells;
}

/** The first column and the first row of a picture. */
function corner(index: number, { pitch, count, size }: Layout): { x: number; y: number } {
  const [column, row] = [index % count.x, Math.floor(index / count.x)];
  return { x: column * pitch.x, y: (row + 1) * pitch.y - size.y };
}

/** The frame of a picture, whose filling is seen through missing values. */
function frame(index: number, layout: Layout): PlotlyObject {
  const { x, y } = corner(index, layout);
  const edges = { x0: x - 0.5, x1: x + layout.size.x - 0.5, y0: y - 0.5, y1: y + layout.size.y - 0.5 };
  const line = { color: REFERENCE_COLOR, width: LINE_WIDTH };
  return { type: "rect", layer: "below", ...edges, line, fillcolor: MISSING_COLOR };
}

function pictureTitle(text: string, index: number, layout: Layout): PlotlyObject {
  const { x, y } = corner(index, layout);
  const place = { x: x + (layout.size.x - 1) / 2, y: y - 0.5, xanchor: "center", yanchor: "bottom" };
  return { text, font: { size: TITLE_SIZE }, borderpad: 0, ...place };
}

/** The default alternative text: number, size and range of the pictures, and their titles. */
function descriptionOf(matrices: number[][][], titles: string[] | undefined, title: string): string {
  const [least, greatest] = extent(matrices.flat(2)) ?? [Number.NaN, Number.NaN];
  const [first] = matrices;
  const number = matrices.length === 1 ? "1 picture" : `${matrices.length} pictures`;
  const size = `${first!.length} × ${first![0]!.length} values`;
  const range = `from ${Number(least.toPrecision(DIGITS))} to ${Number(greatest.toPrecision(DIGITS))}`;
  const names = titles ? `: ${titles.map(plainText).join(", ")}` : "";
  return `${plainText(title)}\n  ${number} of ${size}, ${range}${names}`;
}
