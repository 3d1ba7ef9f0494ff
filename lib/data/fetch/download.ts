import { rmSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { DOWNLOAD_RATE, type LeastRate, watchRate } from "./transfer-rate";

export interface DownloadOptions {
  signal?: AbortSignal;
  /** Told how many bytes of how many are there; the second is NaN where the server does not say. */
  onProgress?: (received: number, total: number) => void;
  /** The bytes that the whole may have. Default: any number. */
  atMost?: number;
  /** How long the host may take to answer, in milliseconds. Default: 5000. */
  answerWithin?: number;
  /** The slowest rate at which it may then send. Default: 262,144 bytes in every 30 seconds. */
  leastRate?: LeastRate;
}

/** How many attempts in a row may bring less than what the least rate asks for at once. */
const POOR_ATTEMPTS = 3;

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** fetch says no more than "fetch failed"; the reason is the error's cause. */
function reasonOf(error: unknown): Error {
  const { cause } = error as Error;
  return cause instanceof Error ? cause : (error as Error);
}

/** Appends to `part` what is still missing of it, or writes it from the start if the server knows no ranges. */
async function transfer(url: string, part: string, options: DownloadOptions): Promise<void> {
  const { signal, answerWithin = 5000, leastRate = DOWNLOAD_RATE } = options;
  const { host } = new URL(url);
  const giveUp = new AbortController();
  const signals = signal ? [signal, giveUp.signal] : [giveUp.signal];
  const timer = setTimeout(() => {
    giveUp.abort(new Error(`${host} did not answer within ${answerWithin / 1000} s`));
  }, answerWithin);
  const present = sizeOf(part);
  let received = 0;
  let endWatch = () => {};
  try {
    const response = await fetch(url, {
      headers: { "Accept-Encoding": "identity", ...(present > 0 && { Range: `bytes=${present}-` }) },
      signal: AbortSignal.any(signals),
    });
    clearTimeout(timer);
    const partIsWhole = response.status === 416;
    if (partIsWhole) return;
    if (!response.ok || !response.body) throw new Error(`${url} answered ${response.status}`);
    endWatch = watchRate(
      () => received,
      leastRate,
      (complaint) => giveUp.abort(new Error(`${host} ${complaint}`)),
    );
    for await (const count of store(response, part, present, options)) received += count;
  } finally {
    clearTimeout(timer);
    endWatch();
    giveUp.abort(); // lets go of the connection
  }
}

/** Writes a response into `part`; yields the size of each piece that is written. */
async function* store(
  response: Response,
  part: string,
  present: number,
  { onProgress, atMost = Number.POSITIVE_INFINITY }: DownloadOptions,
): AsyncGenerator<number> {
  const { host } = new URL(response.url);
  const resumed = response.status === 206;
  const from = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1];
  if (resumed && from !== undefined && Number(from) !== present) {
    throw new Error(`${host} sent the bytes from ${from}, expected those from ${present}`);
  }
  let size = resumed ? present : 0;
  const total = size + Number(response.headers.get("content-length") ?? Number.NaN);
  const file = await open(part, resumed ? "a" : "w");
  try {
    for await (const chunk of response.body!) {
      size += chunk.length;
      if (size > atMost) {
        rmSync(part);
        throw new Error(`${host} sends more than the ${atMost} bytes that ${response.url} may have`);
      }
      await file.appendFile(chunk);
      onProgress?.(size, total);
      yield chunk.length;
    }
  } finally {
    await file.close();
  }
}

/**
 * Downloads `url` into the file `part`, going on from what it already holds if the server answers ranges.
 *
 * A connection that breaks, or becomes too slow, is resumed as long as each attempt brings as much as the least rate
 * asks for at once (256 KiB); of attempts that bring less, but something, there may be three in a row. So a download
 * always ends: an honest server at 10 kB/s is waited for, one that drips is not.
 *
 * Whether the whole is right is for the caller to check: what `part` held before may have been something else.
 *
 * @throws Error if the host does not answer in time, sends too slowly or too much, or answers with an error; what
 *   has come stays in `part`, unless it was too much.
 */
export async function download(url: string, part: string, options: DownloadOptions = {}): Promise<void> {
  const { leastRate = DOWNLOAD_RATE } = options;
  for (let poor = 0; ; ) {
    const before = sizeOf(part);
    try {
      return await transfer(url, part, options);
    } catch (error) {
      const brought = sizeOf(part) - before;
      poor = brought < leastRate.bytes ? poor + 1 : 0;
      if (options.signal?.aborted || brought <= 0 || poor === POOR_ATTEMPTS) throw reasonOf(error);
    }
  }
}
