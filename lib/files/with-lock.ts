import { FileLock } from "./file-lock";

/** Options of `withLock`. */
export interface WithLockOptions {
  /** Called once if another process, or another caller in this one, holds the lock. Default: does nothing. */
  onWait?: () => void;
  /** Aborts the waiting. Default: never. */
  signal?: AbortSignal | undefined;
}

/**
 * Runs a function while holding a lock file, so that only one holder runs at a time. Since a live holder may be
 * mistaken for a dead one (see `FileLock`), the function must still write its results atomically.
 *
 * @param path The lock file; its folder is created if it does not exist.
 * @returns The result of `work`.
 * @throws AbortError if the signal aborts the waiting; Error of the file system if the file cannot be created; any
 *   error of `work`.
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
