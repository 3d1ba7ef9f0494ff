import { requireNumber } from "../checks/check-range";
import { ownValue } from "../display/own-value";
import type { Figure, FigureOptions } from "./figure";
import { heatmapFigure } from "./heatmap-figure";
import { WIDTH } from "./theme";

/** Options of `rankHeatmap`. */
export interface RankHeatmapOptions extends FigureOptions {
  title: string;
  /** The ranks ≥ 0 of each layer, one for each time, by the layer's name; the first layer is at the top. */
  ranks: Record<string, ArrayLike<number>>;
  /** The steps or epochs of the ranks, finite and increasing; columns are equally wide even for uneven times. */
  times: ArrayLike<number>;
  /** The largest possible rank of each layer, > 0; colours then show rank / capacity. Default: colours show ranks. */
  capacities?: Record<string, number>;
  /** The title of the time axis. Default: "epoch". */
  timeLabel?: string;
  /** The name of the rank in the colour bar's title. Default: "rank". */
  rankLabel?: string;
  /** The width of the figure in CSS pixels. Default: 720. */
  width?: number;
  /** The height of the figure in CSS pixels. Default: 150 + 44 for each layer. */
  height?: number;
}

/** The height of a row, the height outside the rows, and the width outside the columns, in CSS pixels. */
const [ROW, AROUND, BESIDE] = [44, 150, 200];
/** The least distance of time labels in CSS pixels. */
const TICK = 44;
/** The least width of a cell with a written number in CSS pixels. */
const ROOM = 36;

/**
 * Draws the rank of each layer over time as a heat map with a row per layer and a column per time, coloured by rank or,
 * with `capacities`, by rank / capacity. The rank is written in each cell if it fits.
 *
 * @returns The figure.
 * @throws RangeError if there are no layers or no times, the times are not finite and increasing, a layer does not have
 *   one rank for each time, a rank is negative or not finite, or a capacity is missing, not positive or not finite.
 *
 * @example
 * rankHeatmap({ title: "Ranks", times: [1, 2, 3], ranks: { W1: [784, 520, 310], W2: [200, 140, 90] } });
 */
export function rankHeatmap(options: RankHeatmapOptions): Figure {
  const { title, ranks, times, capacities, timeLabel = "epoch", rankLabel = "rank", width = WIDTH } = options;
  const layers = Object.keys(ranks);
  if (layers.length === 0 || times.length === 0) {
    throw new RangeError(`rankHeatmap: expected layers and times, got ${layers.length} and ${times.length}`);
  }
  checkTimes(times);
  const rows = layers.map((layer) => rowOf(layer, ranks[layer]!, times.length));
  const shares =
    capacities && rows.map((row, i) => row.map((rank) => rank / capacityOf(layers[i]!, capacities)));
  const isRoomy = (width - BESIDE) / times.length >= ROOM;
  return heatmapFigure({
    title,
    panels: [
      {
        z: shares ?? rows,
        x: Array.from(times, String),
        y: layers,
        xLabel: timeLabel,
        ...(isRoomy
          ? { text: rows.map((row) => row.map(written)) }
          : { xTicks: Math.max(2, Math.floor((width - BESIDE) / TICK)) }),
      },
    ],
    colorLabel: shares ? `${rankLabel} / capacity` : rankLabel,
    range: shares && [0, 1],
    width,
    height: options.height ?? AROUND + ROW * layers.length,
    alt: options.alt,
  });
}

/** Formats a rank with three significant digits below 100, else as an integer. */
const written = (rank: number) =>
  Number.isInteger(rank) || rank >= 100 ? rank.toFixed(0) : rank.toPrecision(3);

function checkTimes(times: ArrayLike<number>): void {
  const bad = Array.from(times).findIndex((time, i) => !Number.isFinite(time) || time <= times[i - 1]!);
  if (bad < 0) return;
  const after = bad > 0 ? ` after ${times[bad - 1]}` : "";
  throw new RangeError(`rankHeatmap: expected finite, increasing times, got ${times[bad]}${after}`);
}

function rowOf(layer: string, ranks: ArrayLike<number>, times: number): number[] {
  if (ranks.length !== times) {
    throw new RangeError(
      `rankHeatmap: layer "${layer}" has ${ranks.length} ranks, expected one for each of ${times} times`,
    );
  }
  const row = Array.from(ranks);
  for (const rank of row) requireNumber(`rankHeatmap: a rank of layer "${layer}"`, rank, "[0, ∞)");
  return row;
}

function capacityOf(layer: string, capacities: Record<string, number>): number {
  const capacity = ownValue(capacities, layer);
  requireNumber(`rankHeatmap: the capacity of layer "${layer}"`, capacity, "(0, ∞)");
  return capacity!;
}
