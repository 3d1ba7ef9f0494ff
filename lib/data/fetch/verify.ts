import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { writeAtomically } from "../../files/write-atomically";
import type { DataFile } from "./manifest";

/** What a file was when its hash was last computed and found right. */
type Stamps = Record<string, { mtimeMs: number; sha256: string } | undefined>;

const stampsIn = (folder: string) => join(folder, ".verified.json");

/** None where they cannot be read: the files are hashed then. */
function readStamps(folder: string): Stamps {
  try {
    return { ...JSON.parse(readFileSync(stampsIn(folder), "utf8")) };
  } catch {
    return {};
  }
}

function writeStamps(folder: string, stamps: Stamps): void {
  try {
    writeAtomically(stampsIn(folder), JSON.stringify(stamps, null, 2));
  } catch {
    // Stamps only save time: data in a folder that cannot be written to is hashed at every check.
  }
}

/** What is wrong with a file's content, or undefined. */
export function contentFault(file: DataFile, content: Uint8Array): string | undefined {
  if (content.length !== file.bytes) {
    return `${file.name} has ${content.length} bytes, expected ${file.bytes}`;
  }
  const sha256 = createHash("sha256").update(content).digest("hex");
  return sha256 === file.sha256 ? undefined : `${file.name} has sha256 ${sha256}, expected ${file.sha256}`;
}

function fileFault(path: string, file: DataFile, stamps: Stamps): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return `${file.name} is missing, expected ${file.bytes} bytes with sha256 ${file.sha256}`;
  if (stat.size !== file.bytes) return `${file.name} has ${stat.size} bytes, expected ${file.bytes}`;
  const stamp = stamps[file.name];
  if (stamp?.mtimeMs === stat.mtimeMs && stamp.sha256 === file.sha256) return undefined;
  const fault = contentFault(file, readFileSync(path));
  stamps[file.name] = fault ? undefined : { mtimeMs: stat.mtimeMs, sha256: file.sha256 };
  return fault;
}

/**
 * The files of a folder that are missing, truncated or altered, each with what was found and what was expected.
 *
 * A file whose hash was right before is hashed again only if its size or modification time has changed, or if
 * `thorough` is set; whoever reads a file checks its content anyway (see `readDataset`).
 */
export function findFaults(
  folder: string,
  files: DataFile[],
  { thorough = false } = {},
): Map<DataFile, string> {
  const stamps = thorough ? {} : readStamps(folder);
  const before = JSON.stringify(stamps);
  const faults = new Map<DataFile, string>();
  for (const file of files) {
    const fault = fileFault(join(folder, file.name), file, stamps);
    if (fault) faults.set(file, fault);
  }
  if (JSON.stringify(stamps) !== before) writeStamps(folder, stamps);
  return faults;
}
