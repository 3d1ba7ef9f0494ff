import { statSync } from "node:fs";

/** A version of a file that changes whenever the file is written, so that comparing two versions detects an edit. */
export function versionOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat ? `${stat.mtimeMs} ${stat.size}` : "missing";
}
