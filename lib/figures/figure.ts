import { extname } from "node:path";
import { requireNumber } from "../checks/check-range";
import { jupyterDisplay, type MimeBundle } from "../display/host";
import { printable } from "../display/printable";
import { writeAtomically } from "../files/write-atomically";
import { type Json, plainJson, roundArrays } from "./json";
import { drawPdf, drawPng, drawSvg } from "./picture";
import { summarize } from "./summary";
import { HEIGHT, TEMPLATE, titleRoom, WIDTH } from "./theme";

/** A Plotly object, whose values may be typed arrays; https://plotly.com/javascript/reference lists the properties. */
export type PlotlyObject = Record<string, unknown>;

/** A Plotly layout; the title is an object, as Plotly requires since version 3, and sizes are in CSS pixels. */
export interface PlotlyLayout extends PlotlyObject {
  title?: { text?: string; [property: string]: unknown };
  margin?: { t?: number; r?: number; b?: number; l?: number };
  width?: number;
  height?: number;
}

/** Options of a figure beside its Plotly traces and layout. */
export interface FigureOptions {
  /**
   * The alternative text: what the figure shows, in plain text without markup, for readers who do not see the picture.
   * Default: the title, then the traces with the ranges of their values.
   */
  alt?: string;
}

/** A JSON object. */
export type JsonObject = { [key: string]: Json };

const CONFIG = { displaylogo: false };
/** JupyterLab shows the picture at its pixel size until the figure is interactive, so a pixel must be a CSS pixel. */
const DISPLAY_SCALE = 1;
const FILE_SCALE = 2;

/**
 * A Plotly figure that displays itself in Jupyter and saves itself as a file, without a browser.
 *
 * `data` and `layout` are stored as plain JSON at full precision: typed arrays become arrays, and NaN and infinities
 * become null, which Plotly draws as gaps. A layout without a size gets 720 × 440 CSS pixels.
 */
export class Figure {
  /** The Plotly traces as plain JSON. */
  readonly data: JsonObject[];
  /** The Plotly layout as plain JSON. */
  readonly layout: JsonObject & { width: number; height: number };
  /** The alternative text, which is also what the figure displays where pictures are not shown. */
  readonly alt: string;

  /**
   * @param data The Plotly traces.
   * @param layout The Plotly layout. Default: {}.
   * @param options.alt The alternative text. Default: the title and the traces.
   * @throws Error if `data` is not an array or `alt` is empty; RangeError if a size is not positive and finite;
   *   TypeError for values that JSON cannot represent.
   */
  constructor(data: PlotlyObject[], layout: PlotlyLayout = {}, { alt }: FigureOptions = {}) {
    this.data = plainTraces(data);
    this.layout = plainJson({ width: WIDTH, height: HEIGHT, ...layout }) as Figure["layout"];
    for (const side of ["width", "height"] as const) {
      requireNumber(`the figure's ${side}`, this.layout[side], "(0, ∞)");
    }
    if (alt !== undefined && !String(alt).trim())
      throw new Error("the figure's alternative text alt is empty");
    this.alt = alt === undefined ? summarize(this.data, this.layout) : printable(String(alt));
  }

  /**
   * Draws the picture as a PNG file.
   *
   * @param options.scale The number of pixels per CSS pixel, in (0, 10]. Default: 2.
   * @throws Error for another scale, or if Plotly cannot draw the figure.
   */
  async png({ scale = FILE_SCALE }: { scale?: number } = {}): Promise<Buffer> {
    if (!(scale > 0 && scale <= 10)) throw new Error(`scale must be above 0 and at most 10, got ${scale}`);
    return drawPng(this, scale);
  }

  /** Draws the picture as an SVG document. */
  async svg(): Promise<string> {
    return drawSvg(this);
  }

  /** Draws the picture as a one-page PDF file with its font embedded, at 0.75 points per CSS pixel. */
  async pdf(): Promise<Buffer> {
    return drawPdf(this);
  }

  /** Returns `{ data, layout, config }` for Plotly, at full precision. */
  toJSON(): { data: JsonObject[]; layout: JsonObject; config: JsonObject } {
    return { data: this.data, layout: this.layout, config: CONFIG };
  }

  /**
   * Saves the figure as PNG, SVG, PDF or JSON, by the file's extension. The file is written atomically and its folder
   * is created if it does not exist.
   *
   * @param path A path that ends in .png, .svg, .pdf or .json.
   * @returns The path.
   * @throws Error for another extension, or if the figure cannot be drawn or the file not written.
   */
  async save(path: string): Promise<string> {
    const content = await this.encode(path);
    writeAtomically(path, content);
    return path;
  }

  private async encode(path: string): Promise<Buffer | string> {
    const extension = extname(path).toLowerCase();
    if (extension === ".png") return this.png();
    if (extension === ".svg") return this.svg();
    if (extension === ".pdf") return this.pdf();
    if (extension === ".json") return JSON.stringify(this);
    throw new Error(`cannot save a figure as "${path}": expected a name ending in .png, .svg, .pdf or .json`);
  }

  /**
   * Returns one output in three forms: interactive JSON with the numbers in arrays rounded by {@link roundArrays}, a
   * PNG of one pixel per CSS pixel, and the alternative text. It omits text/html, which exporters would prefer to the picture.
   */
  async [jupyterDisplay](): Promise<MimeBundle> {
    return {
      "application/vnd.plotly.v1+json": { ...this.toJSON(), data: roundArrays(this.data) },
      "image/png": (await this.png({ scale: DISPLAY_SCALE })).toString("base64"),
      "text/plain": this.alt,
    };
  }
}

function plainTraces(data: PlotlyObject[]): JsonObject[] {
  if (!Array.isArray(data)) throw new Error(`a figure's data must be an array of traces, got ${typeof data}`);
  return plainJson(data) as JsonObject[];
}

/**
 * Makes a figure from any Plotly traces in the library's theme, which `layout` overrides.
 *
 * @param data The Plotly traces.
 * @param layout The Plotly layout. Default: {}.
 * @param options.alt The alternative text. Default: the title and the traces.
 * @throws Error if `data` is not an array or `alt` is empty; RangeError if a size is not positive and finite; TypeError
 *   for values that JSON cannot represent.
 *
 * @example
 * figure([{ type: "bar", x: ["a", "b"], y: [1, 2] }], { title: { text: "Counts" } });
 */
export function figure(data: PlotlyObject[], layout: PlotlyLayout = {}, options: FigureOptions = {}): Figure {
  const room = titleRoom(layout.title?.text ?? "");
  const themed = {
    template: TEMPLATE,
    ...layout,
    title: { pad: { t: room.pad }, ...layout.title },
    margin: { t: room.margin, ...layout.margin },
  };
  return new Figure(data, themed, options);
}
