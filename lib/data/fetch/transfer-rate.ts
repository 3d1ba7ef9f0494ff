/** The slowest transfer that is waited for: at least so many bytes in every so many milliseconds. */
export interface LeastRate {
  bytes: number;
  within: number;
}

/** 8.7 kB/s, seen over half a minute. A transfer that is cut off sooner by its end is never too slow. */
export const DOWNLOAD_RATE: LeastRate = { bytes: 2 ** 18, within: 30_000 };

const MAX_PERIOD_MS = 1000;
const PERIODS = 10;

/**
 * Watches how many bytes of a transfer have come, and calls `onSlow` once, as soon as fewer than the least rate
 * asks for have come since it was last met.
 *
 * Time in which this process did not run, for a suspended machine or a long computation, does not count.
 *
 * @param received The bytes so far.
 * @param onSlow Gets what is to be said of it, such as "sent 12 bytes in 30 s, expected 262144 or more".
 * @returns what ends the watch
 */
export function watchRate(
  received: () => number,
  { bytes, within }: LeastRate,
  onSlow: (complaint: string) => void,
): () => void {
  const period = Math.min(MAX_PERIOD_MS, within / PERIODS);
  let mark = received();
  let periods = 0;
  const timer = setInterval(() => {
    const got = received() - mark;
    if (got >= bytes) {
      mark += got;
      periods = 0;
    } else if (++periods * period >= within) {
      clearInterval(timer);
      onSlow(`sent ${got} bytes in ${within / 1000} s, expected ${bytes} or more`);
    }
  }, period);
  return () => clearInterval(timer);
}
