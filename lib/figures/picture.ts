import { fontFiles } from "./fonts";
import { withoutHiddenShapes } from "./hidden-shapes";
import { svgToPdf } from "./pdf";
import { plotlySvg } from "./plotly";

/** A figure as Plotly traces and a layout with its size in CSS pixels. */
export interface PlotlyFigure {
  data: object[];
  layout: { width: number; height: number };
}

/**
 * Draws a figure as an SVG document by plotly.js without a browser.
 *
 * Text is laid out in the bundled font, and heat maps are images of one pixel per cell. WebGL traces and MathJax are
 * unsupported. The first call loads jsdom and plotly.js.
 *
 * @throws Error if Plotly cannot draw the figure.
 */
export async function drawSvg({ data, layout }: PlotlyFigure): Promise<string> {
  // Plotly modifies its arguments.
  return plotlySvg(structuredClone({ data, layout }));
}

/** Draws a figure as a PNG file of `scale` pixels per CSS pixel. */
export async function drawPng(figure: PlotlyFigure, scale: number): Promise<Buffer> {
  const { renderAsync } = require("@resvg/resvg-js");
  const { width, height } = figure.layout;
  const svg = withoutHiddenShapes(await drawSvg(figure), width, height);
  const image = await renderAsync(svg, {
    fitTo: { mode: "zoom", value: scale },
    font: {
      defaultFontFamily: "DejaVu Sans",
      fontFiles: Object.values(fontFiles()),
      loadSystemFonts: false,
    },
    // Keeps the cells of heat maps sharp.
    imageRendering: 1,
  });
  return image.asPng();
}

/** Draws a figure as a one-page PDF file at 0.75 points per CSS pixel. */
export async function drawPdf(figure: PlotlyFigure): Promise<Buffer> {
  const { width, height } = figure.layout;
  return svgToPdf(await drawSvg(figure), width, height);
}
