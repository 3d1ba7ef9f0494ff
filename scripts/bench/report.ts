import type { Times } from "./times";

/** One thing measured here and elsewhere in the same run. */
export interface Comparison {
  name: string;
  threads?: number;
  ours: Times;
  /** What it is compared with, by name, such as PyTorch and torch.compile; empty where there was nothing. */
  others: Record<string, Times>;
}

const HEADS = ["", "threads", "ours, ms", "MB", "the other", "its ms", "its MB", "ratio", "of medians"];
const texts = new Set([0, 4]);

/**
 * The comparisons as a Markdown table, a line for each other: the best times of the rounds, memory of their own, and the
 * ratios other / ours of the best and of the medians. Above 1 is faster than the other.
 */
export function report(comparisons: Comparison[]): string {
  const rows = comparisons.flatMap(({ name, threads, ours, others }) => {
    const first = [name, threads === undefined ? "" : `${threads}`, milliseconds(ours.best), megabytes(ours)];
    const lines = Object.entries(others).map(([other, times]) => [
      ...[other, milliseconds(times.best), megabytes(times)],
      ...[times.best / ours.best, times.median / ours.median].map((ratio) => ratio.toFixed(2)),
    ]);
    if (lines.length === 0) return [[...first, "–", "–", "–", "–", "–"]];
    return lines.map((line, i) => [...(i === 0 ? first : ["", "", "", ""]), ...line]);
  });
  const widths = HEADS.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const padded = (row: string[]) =>
    line(row.map((cell, i) => (texts.has(i) ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))));
  const rule = line(
    widths.map((width, i) => (texts.has(i) ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)),
  );
  return [padded(HEADS), rule, ...rows.map(padded)].join("\n");
}

/** To three digits, such as 0.512, 11.3 or 1160. */
function milliseconds(value: number): string {
  return `${Number(value.toPrecision(3))}`;
}

function megabytes({ megabytes }: Times): string {
  return megabytes === undefined ? "" : megabytes.toFixed(0);
}
