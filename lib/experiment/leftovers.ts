import { existsSync, rmSync, statSync } from "node:fs";
import type { LockAttempt } from "../files/file-lock";
import type { RunFiles } from "./record";

/**
 * Removes what a process left beside a record that was killed between writing it and its end: the lock, the checkpoint
 * and the failed attempts. Nobody trains the run any more, so nobody else would. Where another process that lives holds
 * the lock, nothing is removed.
 *
 * A checkpoint from after the record stays while there is no model: it is that of a training which is to keep one.
 */
export function removeLeftovers(attempt: LockAttempt, files: RunFiles): void {
  if (!existsSync(files.lock) || !existsSync(files.record)) return;
  try {
    const lock = attempt.take();
    if (!lock) return;
    try {
      if (existsSync(files.model) || modified(files.checkpoint) <= modified(files.record)) {
        rmSync(files.checkpoint, { force: true });
      }
      rmSync(files.failures, { force: true });
    } finally {
      lock.release();
    }
  } catch {
    // They are only in the way of those who look into the folder; the run itself is found.
  }
}

/** The time of a file's content; 0 where there is no file. */
function modified(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
