/**
 * Plotly figures that display themselves and save themselves as files.
 *
 * @module
 */

export {
  Figure,
  type FigureOptions,
  figure,
  type JsonObject,
  type PlotlyLayout,
  type PlotlyObject,
} from "./figure";
export {
  type HeatmapFigureOptions,
  type HeatmapPanel,
  heatmapFigure,
  type MatrixLike,
} from "./heatmap-figure";
export type { Json } from "./json";
export {
  type Dash,
  type LineAxis,
  type LineFigureOptions,
  type LineSeries,
  lineFigure,
  type ReferenceLine,
} from "./line-figure";
export { type RankHeatmapOptions, rankHeatmap } from "./rank-heatmap";
export { type SpectrumFigureOptions, type SpectrumLike, spectrumFigure } from "./spectrum-figure";
