import { randomBytes } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

/** The age, in milliseconds, from which a temporary file was left by a process that died. */
const ABANDONED_MS = 3_600_000;
const TEMPORARY = /\.\d+\.[0-9a-f]{16}\.tmp$/;

/**
 * Writes a file under a temporary name beside it, syncs it to the disk and renames it, so that no reader ever sees a
 * part of it and a crash leaves either the old content or the new.
 *
 * Temporary names are random: process ids repeat among containers that share a volume. Temporary files in the folder
 * that are older than an hour are removed.
 *
 * @param path The file; its folder is made where it does not exist.
 * @throws Error of the file system; the earlier file is then unchanged and the temporary one removed.
 */
export function writeAtomically(path: string, content: Uint8Array | string): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = temporaryName(path);
  try {
    writeAndSync(temporary, content);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
  removeAbandoned(dirname(path));
}

/** A name beside a file that no other process takes; what is left under it is removed an hour later. */
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

/** Makes a rename durable, on platforms that can open a folder; the renamed file is complete in any case. */
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

/** Removes temporary files that processes left in a folder when they died. */
function removeAbandoned(folder: string): void {
  try {
    for (const name of readdirSync(folder)) {
      if (!TEMPORARY.test(name)) continue;
      const modified = statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
      if (Date.now() - modified > ABANDONED_MS) rmSync(join(folder, name), { force: true });
    }
  } catch {
    // The file itself is written; what cannot be removed now may be removed by a later call.
  }
}
