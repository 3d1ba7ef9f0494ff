import { randomBytes } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

/** The age in milliseconds beyond which a temporary file counts as abandoned by a process that died. */
const ABANDONED_MS = 3_600_000;
/** What file systems without hard links answer. */
const WITHOUT_LINKS = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"];
/** When this process last looked for abandoned files, by folder: to look at every write is slow among thousands. */
const looked = new Map<string, number>();
const TEMPORARY = /\.\d+\.[0-9a-f]{16}\.tmp$/;

/**
 * Writes a file atomically: under a temporary name in the same folder, synced to the disk and then renamed, so that
 * readers never see partial content and a crash leaves either the old content or the new.
 *
 * Temporary names are random, since process ids repeat across containers that share a volume. Temporary files in the
 * folder that are older than an hour are removed, by the first write of a process and then once an hour.
 *
 * @param path The file; its folder is created if it does not exist.
 * @throws Error of the file system; any earlier file is then unchanged and the temporary one is removed.
 */
export function writeAtomically(path: string, content: Uint8Array | string): void {
  place(path, content, renameSync);
}

/**
 * Writes a file as `writeAtomically` does, but only where there is none: of several processes that write it at the same
 * time one succeeds. On a file system without hard links an earlier file is replaced.
 *
 * @returns Whether it was written.
 * @throws Error of the file system; the temporary file is then removed.
 */
export function writeOnce(path: string, content: Uint8Array | string): boolean {
  let isFirst = true;
  place(path, content, (temporary) => {
    isFirst = link(temporary, path);
  });
  return isFirst;
}

/** Writes a file under a temporary name and lets `move` give it its own. */
function place(
  path: string,
  content: Uint8Array | string,
  move: (temporary: string, path: string) => void,
): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = temporaryName(path);
  try {
    writeAndSync(temporary, content);
    move(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
  removeAbandoned(dirname(path));
}

/** Gives a temporary file its name where no other file has it. @returns Whether it got it. */
function link(temporary: string, path: string): boolean {
  try {
    linkSync(temporary, path);
    return true;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    if (!WITHOUT_LINKS.includes(code)) throw error;
    renameSync(temporary, path);
    return true;
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** A unique temporary name in a file's folder; `writeAtomically` removes abandoned files of such names. */
export function temporaryName(path: string): string {
  return `${path}.${process.pid}.${randomBytes(8).toString("hex")}.tmp`;
}

function writeAndSync(path: string, content: Uint8Array | string): void {
  const file = openSync(path, "wx");
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Syncs a folder so that a rename in it is durable, on platforms that support it. */
function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, "r");
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch {
    // Windows and some network file systems do not sync folders.
  }
}

/** Removes the temporary files that crashed processes left in a folder, unless that was done within the hour. */
function removeAbandoned(folder: string): void {
  if (performance.now() - (looked.get(folder) ?? Number.NEGATIVE_INFINITY) < ABANDONED_MS) return;
  looked.set(folder, performance.now());
  try {
    for (const name of readdirSync(folder)) {
      if (!TEMPORARY.test(name)) continue;
      const modified = statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
      if (Date.now() - modified > ABANDONED_MS) rmSync(join(folder, name), { force: true });
    }
  } catch {
    // The file itself is already written; a later call may remove the leftovers.
  }
}
