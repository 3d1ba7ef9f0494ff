import { statSync } from "node:fs";
import { open } from "node:fs/promises";

export interface DownloadOptions {
  signal?: AbortSignal;
  /** Told how many bytes of how many are there; the second is NaN where the server does not say. */
  onProgress?: (received: number, total: number) => void;
  /** How long the host may take to answer, in milliseconds. */
  answerWithin?: number;
  /** How long it may then send nothing, in milliseconds. */
  stallFor?: number;
}

/** Aborts a transfer in which nothing has happened for as long as was last allowed. */
class Watchdog {
  private readonly controller = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  readonly signal = this.controller.signal;

  allow(milliseconds: number, otherwise: string): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.controller.abort(new Error(otherwise)), milliseconds);
  }

  /** Stops watching and lets go of the connection. */
  release(): void {
    clearTimeout(this.timer);
    this.controller.abort();
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** fetch says no more than "fetch failed"; the reason is the error's cause. */
function reasonOf(error: unknown): Error {
  const { cause } = error as Error;
  return cause instanceof Error ? cause : (error as Error);
}

/** Appends to `part` what is still missing of it, or writes it from the start if the server knows no ranges. */
async function transfer(
  url: string,
  part: string,
  { signal, onProgress, answerWithin = 5000, stallFor = 30_000 }: DownloadOptions,
): Promise<void> {
  const { host } = new URL(url);
  const watchdog = new Watchdog();
  const signals = signal ? [signal, watchdog.signal] : [watchdog.signal];
  const expectMore = () => watchdog.allow(stallFor, `${host} sent nothing for ${stallFor / 1000} s`);
  const present = sizeOf(part);
  try {
    watchdog.allow(answerWithin, `${host} did not answer within ${answerWithin / 1000} s`);
    const response = await fetch(url, {
      headers: { "Accept-Encoding": "identity", ...(present > 0 && { Range: `bytes=${present}-` }) },
      signal: AbortSignal.any(signals),
    });
    const partIsWhole = response.status === 416;
    if (partIsWhole) return;
    if (!response.ok || !response.body) throw new Error(`${url} answered ${response.status}`);

    const resumed = response.status === 206;
    let received = resumed ? present : 0;
    const total = received + Number(response.headers.get("content-length") ?? Number.NaN);
    const file = await open(part, resumed ? "a" : "w");
    try {
      expectMore();
      for await (const chunk of response.body) {
        expectMore();
        await file.appendFile(chunk);
        received += chunk.length;
        onProgress?.(received, total);
      }
    } finally {
      await file.close();
    }
  } finally {
    watchdog.release();
  }
}

/**
 * Downloads `url` into the file `part`, going on from what it already holds if the server answers ranges.
 * A connection that breaks is resumed as long as each attempt brings more.
 *
 * Whether the whole is right is for the caller to check: what `part` held before may have been something else.
 *
 * @throws Error if the host does not answer in time (5 s), falls silent (30 s), or answers with an error
 */
export async function download(url: string, part: string, options: DownloadOptions = {}): Promise<void> {
  for (;;) {
    const before = sizeOf(part);
    try {
      return await transfer(url, part, options);
    } catch (error) {
      if (options.signal?.aborted || sizeOf(part) <= before) throw reasonOf(error);
    }
  }
}
