import { fontFiles } from "./fonts";
import { withoutHiddenShapes } from "./hidden-shapes";
import { svgToPdf } from "./pdf";
import { plotlySvg } from "./plotly";

/** A figure in Plotly's own terms; `layout` states `width` and `height`. */
export interface PlotlyFigure {
  data: object[];
  layout: { width: number; height: number };
}

/**
 * The SVG document that plotly.js draws, without a browser.
 *
 * Text is laid out in the bundled font, heat maps are images of one pixel a cell; WebGL traces and MathJax are not
 * available. The first call loads jsdom and plotly.js.
 */
export async function drawSvg({ data, layout }: PlotlyFigure): Promise<string> {
  // Plotly adds to the objects it is given.
  return plotlySvg(structuredClone({ data, layout }));
}

/** The picture as a PNG file of `scale` pixels a CSS pixel. */
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

/** The picture as a PDF file of one page, 0.75 points a CSS pixel. */
export async function drawPdf(figure: PlotlyFigure): Promise<Buffer> {
  const { width, height } = figure.layout;
  return svgToPdf(await drawSvg(figure), width, height);
}
