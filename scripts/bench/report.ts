/** One thing measured here and elsewhere in the same run, in milliseconds. */
export interface Comparison {
  name: string;
  ours: number;
  other: number;
  otherName: string;
}

/** The comparisons as lines of text, with the ratio other / ours: above 1 is faster than the other. */
export function report(comparisons: Comparison[]): string {
  const width = Math.max(...comparisons.map(({ name }) => name.length));
  const lines = comparisons.map(({ name, ours, other, otherName }) => {
    const times = `${ours.toFixed(1).padStart(9)} ms   ${otherName} ${other.toFixed(1).padStart(9)} ms`;
    return `${name.padEnd(width)} ${times}   ${(other / ours).toFixed(2)} times as fast`;
  });
  return lines.join("\n");
}
