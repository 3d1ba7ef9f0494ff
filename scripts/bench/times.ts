/** What a task takes over the rounds in which it was measured: milliseconds, and the memory of its own that it has after it. */
export interface Times {
  best: number;
  median: number;
  megabytes?: number;
}

/** One measurement: milliseconds, and megabytes of its own after it. */
export interface Sample {
  milliseconds: number;
  megabytes: number;
}

/** @param samples Milliseconds. */
export function timesOf(samples: number[]): Times {
  const sorted = [...samples].sort((a, b) => a - b);
  return { best: sorted[0]!, median: sorted[sorted.length >> 1]! };
}
