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
  type HeatmapLine,
  type HeatmapPanel,
  heatmapFigure,
} from "./heatmap-figure";
export { type ImageGridOptions, imageGrid } from "./image-grid";
export type { Json } from "./json";
export type { LineAxis } from "./line-axis";
export type { LineBand } from "./line-band";
export { type LineFigureOptions, lineFigure } from "./line-figure";
export { type LinePanel, type LinePanelsOptions, linePanels } from "./line-panels";
export type { Dash, LineSeries } from "./line-series";
export type { MatrixLike } from "./matrix";
export { type RankHeatmapOptions, rankHeatmap } from "./rank-heatmap";
export type { ReferenceLine } from "./reference-line";
export { type SchematicOptions, schematic } from "./schematic";
export type { BoxSide, SchematicArrow } from "./schematic-arrows";
export type { SchematicBox, SchematicGroup } from "./schematic-boxes";
export { type SpectrumFigureOptions, type SpectrumLike, spectrumFigure } from "./spectrum-figure";
