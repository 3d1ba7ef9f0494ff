import { statSync } from "node:fs";

/** Changes whenever the file is written: an edit is noticed by comparing two of these. */
export function versionOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat ? `${stat.mtimeMs} ${stat.size}` : "missing";
}
