import { FileLock } from "./file-lock";

/** Options of `withLock`. */
export interface WithLockOptions {
  /** Called once where another process, or another caller in this one, holds the lock. */
  onWait?: () => void;
  /** Ends the waiting. */
  signal?: AbortSignal | undefined;
}

/**
 * Does `work` while no one else does that takes the same lock, as long as the holder is not believed dead: see
 * `FileLock`. The work must still write its results atomically.
 *
 * @throws AbortError where the signal ends the waiting; Error of the file system where the file cannot be made
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  { onWait = () => {}, signal = new AbortController().signal }: WithLockOptions = {},
): Promise<T> {
  const lock = await FileLock.acquire(path, { onWait, isDone: () => false, signal });
  try {
    return await work();
  } finally {
    lock?.release();
  }
}
