import { extname } from "node:path";
import { requireNumber } from "../checks/check-range";
import { jupyterDisplay, type MimeBundle } from "../display/host";
import { writeAtomically } from "../files/write-atomically";
import { type Json, plainJson, roundArrays } from "./json";
import { drawPdf, drawPng, drawSvg } from "./picture";
import { summarize } from "./summary";
import { HEIGHT, TEMPLATE, titleRoom, WIDTH } from "./theme";

/** A Plotly object: https://plotly.com/javascript/reference lists the properties. Typed arrays are welcome. */
export type PlotlyObject = Record<string, unknown>;

/** A Plotly layout, whose title is an object as Plotly expects since version 3. */
export interface PlotlyLayout extends PlotlyObject {
  title?: { text?: string; [property: string]: unknown };
  margin?: { t?: number; r?: number; b?: number; l?: number };
  width?: number;
  height?: number;
}

/** An object of JSON. */
export type JsonObject = { [key: string]: Json };

const CONFIG = { displaylogo: false };
/** JupyterLab shows a figure's picture at its own size until it is interactive, so there a pixel is a CSS pixel. */
const DISPLAY_SCALE = 1;
const FILE_SCALE = 2;

/**
 * A Plotly figure that displays itself in Jupyter and saves itself, its picture drawn without a browser.
 *
 * `data` and `layout` are plain JSON at full precision: typed arrays have become arrays, NaN and infinities null,
 * which Plotly draws as gaps. A layout without a size gets 720 × 440.
 */
export class Figure {
  readonly data: JsonObject[];
  readonly layout: JsonObject & { width: number; height: number };

  /** @throws Error where `data` is not an array of traces, or the size is not positive */
  constructor(data: PlotlyObject[], layout: PlotlyLayout = {}) {
    this.data = plainTraces(data);
    this.layout = plainJson({ width: WIDTH, height: HEIGHT, ...layout }) as Figure["layout"];
    for (const side of ["width", "height"] as const) {
      requireNumber(`the figure's ${side}`, this.layout[side], "(0, ∞)");
    }
  }

  /** The picture as a PNG file of `scale` pixels a CSS pixel, 2 by default. */
  async png({ scale = FILE_SCALE }: { scale?: number } = {}): Promise<Buffer> {
    if (!(scale > 0 && scale <= 10)) throw new Error(`scale must be above 0 and at most 10, got ${scale}`);
    return drawPng(this, scale);
  }

  /** The picture as an SVG document. */
  async svg(): Promise<string> {
    return drawSvg(this);
  }

  /** The picture as a PDF file of one page, 0.75 points a CSS pixel, with its font embedded. */
  async pdf(): Promise<Buffer> {
    return drawPdf(this);
  }

  /** `{ data, layout, config }` as Plotly takes it, at full precision. */
  toJSON(): { data: JsonObject[]; layout: JsonObject; config: JsonObject } {
    return { data: this.data, layout: this.layout, config: CONFIG };
  }

  /**
   * Writes the figure to a file and returns its path; the extension chooses .png, .svg, .pdf or .json. The folder
   * is made where it is missing, and a reader never sees half a file.
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
   * One output in three forms: interactive, with numbers in arrays rounded by {@link roundArrays}; as a picture of
   * one pixel a CSS pixel; as text. No text/html, which exporters would prefer to the picture.
   */
  async [jupyterDisplay](): Promise<MimeBundle> {
    return {
      "application/vnd.plotly.v1+json": { ...this.toJSON(), data: roundArrays(this.data) },
      "image/png": (await this.png({ scale: DISPLAY_SCALE })).toString("base64"),
      "text/plain": summarize(this.data, this.layout),
    };
  }
}

function plainTraces(data: PlotlyObject[]): JsonObject[] {
  if (!Array.isArray(data)) throw new Error(`a figure's data must be an array of traces, got ${typeof data}`);
  return plainJson(data) as JsonObject[];
}

/**
 * A figure of any Plotly traces in the house theme; whatever `layout` states goes before it.
 *
 * @example
 * figure([{ type: "bar", x: ["a", "b"], y: [1, 2] }], { title: { text: "Counts" } });
 */
export function figure(data: PlotlyObject[], layout: PlotlyLayout = {}): Figure {
  const room = titleRoom(layout.title?.text ?? "");
  return new Figure(data, {
    template: TEMPLATE,
    ...layout,
    title: { pad: { t: room.pad }, ...layout.title },
    margin: { t: room.margin, ...layout.margin },
  });
}
