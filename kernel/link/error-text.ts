import { isAbsolute, relative, resolve } from "node:path";

/** The number of characters of a line shown around a position in it. */
const EXCERPT_WIDTH = 160;
const projectFolder = resolve(__dirname, "..", "..");

export const red = (text: string) => `\u001b[31m${text}\u001b[39m`;
export const dim = (text: string) => `\u001b[2m${text}\u001b[22m`;

/** A file's path as errors show it: relative to the project if the file lies in it. */
export function shorten(file: string): string {
  if (!isAbsolute(file)) return file;
  const path = relative(projectFolder, file);
  return path.startsWith("..") || isAbsolute(path) ? file : path;
}

/**
 * A line of a cell's source with a mark below the column. Line and column are counted from 1. Of a long line, only
 * the part around the column is shown.
 */
export function excerpt(source: string, { line, column }: { line: number; column: number }): string[] {
  const text = source.split(/\r\n|\r|\n|\u2028|\u2029/)[line - 1];
  if (text === undefined) return [];
  const margin = `${String(line).padStart(6)} | `;
  const start = Math.max(0, column - 1 - EXCERPT_WIDTH / 2);
  // Tabs are kept, so that the mark stands below its column at any tab width.
  const indent = text.slice(start, column - 1).replace(/[^\t]/g, " ");
  const shown = text.slice(start, start + EXCERPT_WIDTH);
  return [dim(`${margin}${shown}`), red(`${" ".repeat(margin.length)}${indent}^`)];
}
