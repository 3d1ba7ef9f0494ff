import { SourceMap } from "node:module";

/** A place in a cell or in a file, both counted from one. */
export interface Position {
  line: number;
  column: number;
}

/** tslab starts every cell with a line of its own. */
const linesBeforeCell = 1;

/**
 * Finds the place in a cell's source that a place in its code comes from, back through the compiler's passes. The maps
 * are read when the first place is asked for.
 */
export function locator(maps: string[]): (position: Position) => Position | undefined {
  let passes: SourceMap[] | undefined;
  return ({ line, column }) => {
    passes ??= maps.map((map) => new SourceMap(JSON.parse(map))).reverse();
    for (const pass of passes) {
      const entry = pass.findEntry(line - 1, column - 1);
      if (!("originalLine" in entry)) return undefined;
      line = entry.originalLine + 1;
      column = entry.originalColumn + 1;
    }
    return { line: line - linesBeforeCell, column };
  };
}
