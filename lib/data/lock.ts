import { open, rm, stat, utimes } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const HEARTBEAT_MS = 1000;
const STALE_MS = 5000;

async function tryCreate(path: string): Promise<boolean> {
  try {
    await (await open(path, "wx")).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function removeIfStale(path: string): Promise<void> {
  const age = await stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
  if (age > STALE_MS) await rm(path, { force: true });
}

/**
 * Does `work` while no other process that takes the same lock does.
 *
 * The lock is a file that its holder touches every second; one left by a process that died counts no more after
 * five. In the rare case that two processes clear away such a file at the same moment both may work at once, so
 * the work must still write its results atomically.
 *
 * @param onWait called once if another process holds the lock
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  { onWait = () => {}, signal }: { onWait?: () => void; signal?: AbortSignal } = {},
): Promise<T> {
  for (let tries = 0; !(await tryCreate(path)); tries++) {
    if (tries === 0) onWait();
    await sleep(200, undefined, { signal });
    await removeIfStale(path);
  }
  const heartbeat = setInterval(() => {
    utimes(path, new Date(), new Date()).catch(() => {});
  }, HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    await rm(path, { force: true });
  }
}
