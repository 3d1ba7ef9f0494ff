import { randomUUID } from "node:crypto";
import { readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

const HEARTBEAT_MS = 1000;
/** How long a holder that is known to have died still counts, and one of which nothing is known. */
const DEAD_AFTER_MS = 5000;
const SILENT_AFTER_MS = 30_000;

/** What a lock file holds. */
interface Holder {
  host: string;
  pid: number;
  /** Tells apart two locks of one process. */
  id: string;
}

async function tryCreate(path: string, holder: Holder): Promise<boolean> {
  try {
    await writeFile(path, JSON.stringify(holder), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Who holds the lock, if anyone does and the file can be read. */
async function holderOf(path: string): Promise<Partial<Holder> | undefined> {
  try {
    return { ...JSON.parse(await readFile(path, "utf8")) };
  } catch {
    return undefined;
  }
}

/** Whether a process of this machine is not there; another process may have got its number since it ended. */
function hasDied({ host, pid }: Partial<Holder>): boolean {
  if (host !== hostname() || !Number.isInteger(pid)) return false;
  try {
    process.kill(pid!, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

async function removeIfStale(path: string): Promise<void> {
  const age = await stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
  if (age <= DEAD_AFTER_MS) return;
  const holder = await holderOf(path);
  if (age > SILENT_AFTER_MS || (holder && hasDied(holder))) await rm(path, { force: true });
}

/**
 * Does `work` while no other process that takes the same lock does.
 *
 * The lock is a file that names its holder and that the holder touches every second. It counts no more five seconds
 * after it was last touched, where its holder is a process of this machine that has ended, and after thirty seconds
 * in any case. A holder that was silent for so long may go on at the same time as the next one, as may two processes
 * that clear away such a file at the same moment, so the work must still write its results atomically.
 *
 * @param onWait called once if another process holds the lock
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  { onWait = () => {}, signal }: { onWait?: () => void; signal?: AbortSignal } = {},
): Promise<T> {
  const holder: Holder = { host: hostname(), pid: process.pid, id: randomUUID() };
  for (let tries = 0; !(await tryCreate(path, holder)); tries++) {
    if (tries === 0) onWait();
    await sleep(200, undefined, { signal });
    await removeIfStale(path);
  }
  const isOurs = async () => (await holderOf(path))?.id === holder.id;
  const heartbeat = setInterval(async () => {
    if (await isOurs()) await utimes(path, new Date(), new Date()).catch(() => {});
  }, HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    if (await isOurs()) await rm(path, { force: true });
  }
}
