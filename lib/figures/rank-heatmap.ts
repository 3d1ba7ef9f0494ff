import { requireNumber } from "../checks/check-range";
import { ownValue } from "../display/own-value";
import type { Figure } from "./figure";
import { heatmapFigure } from "./heatmap-figure";
import { WIDTH } from "./theme";

/** Options of `rankHeatmap`. */
export interface RankHeatmapOptions {
  title: string;
  /** The ranks of each layer over time, by the layer's name, from the first layer down. */
  ranks: Record<string, ArrayLike<number>>;
  /** The steps or epochs of the ranks, rising; each gets a column of one width, however far apart they are. */
  times: ArrayLike<number>;
  /** The most that each layer's rank can be: with them colours show shares, from 0 to 1. Default: ranks. */
  capacities?: Record<string, number>;
  /** Default: "epoch". */
  timeLabel?: string;
  /** What the ranks are. Default: "rank". */
  rankLabel?: string;
  /** CSS pixels. Default: 720. */
  width?: number;
  /** CSS pixels. Default: by the number of layers. */
  height?: number;
}

/** In CSS pixels: the height of a row, that of all around the rows, the width around the columns. */
const [ROW, AROUND, BESIDE] = [44, 150, 200];
/** The least width from one time written below to the next. */
const TICK = 44;
/** The least width of a cell that its number is written in. */
const ROOM = 36;

/**
 * The rank of each layer over time: layers down, time across, a colour for the rank or, with `capacities`, for its share
 * of what it can be. The rank itself is written in each cell where there is room.
 *
 * @throws RangeError without layers or times, for ranks of another number than the times, for times that do not rise, for
 *   a rank or capacity that is negative or not finite, and for a layer without a capacity.
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
  });
}

/** Whole from 100 on, else three digits. */
const written = (rank: number) =>
  Number.isInteger(rank) || rank >= 100 ? rank.toFixed(0) : rank.toPrecision(3);

function checkTimes(times: ArrayLike<number>): void {
  const bad = Array.from(times).findIndex((time, i) => !Number.isFinite(time) || time <= times[i - 1]!);
  if (bad < 0) return;
  const after = bad > 0 ? ` after ${times[bad - 1]}` : "";
  throw new RangeError(`rankHeatmap: expected finite times that rise, got ${times[bad]}${after}`);
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
