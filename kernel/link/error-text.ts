import { relative, resolve } from "node:path";

const projectFolder = resolve(__dirname, "..", "..");

export const red = (text: string) => `\u001b[31m${text}\u001b[39m`;
export const dim = (text: string) => `\u001b[2m${text}\u001b[22m`;

/** A file's path as errors show it: relative to the project where it lies in it. */
export function shorten(file: string): string {
  const path = relative(projectFolder, file);
  return path.startsWith("..") ? file : path;
}

/** The line of a cell's source, with a mark below the column; both are counted from one. */
export function excerpt(source: string, { line, column }: { line: number; column: number }): string[] {
  const text = source.split("\n")[line - 1];
  if (text === undefined) return [];
  const margin = `${String(line).padStart(6)} | `;
  return [dim(`${margin}${text}`), red(`${" ".repeat(margin.length + column - 1)}^`)];
}
