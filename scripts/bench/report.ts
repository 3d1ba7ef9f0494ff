/** One thing measured here and elsewhere in the same run, in milliseconds. */
export interface Comparison {
  name: string;
  threads?: number;
  ours: number;
  /** Left out where there was nothing to compare with. */
  other?: number;
  otherName: string;
}

/** The comparisons as a table, with the ratio other / ours: above 1 is faster than the other. */
export function report(comparisons: Comparison[]): string {
  const rows = comparisons.map(({ name, threads, ours, other, otherName }) => [
    name,
    threads === undefined ? "" : `${threads}`,
    milliseconds(ours),
    other === undefined ? "–" : milliseconds(other),
    other === undefined ? "–" : (other / ours).toFixed(2),
    otherName,
  ]);
  const all = [["", "threads", "ours, ms", "other, ms", "other / ours", "the other"], ...rows];
  const widths = all[0]!.map((_, i) => Math.max(...all.map((row) => row[i]!.length)));
  const isText = (column: number) => column === 0 || column === 5;
  return all
    .map((row) =>
      row
        .map((cell, i) => (isText(i) ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** To three digits, such as 0.512, 11.3 or 1160. */
function milliseconds(value: number): string {
  return `${Number(value.toPrecision(3))}`;
}
