import { SourceMap } from "node:module";

/** A position in a cell or a file; line and column are counted from 1. */
export interface Position {
  line: number;
  column: number;
}

/**
 * Finds the position in a cell's source from which a position in its compiled code comes.
 *
 * @param json The source map, parsed on first use, because most cells do not fail.
 */
export function locator(json: string): (position: Position) => Position | undefined {
  let map: SourceMap | undefined;
  return ({ line, column }) => {
    map ??= new SourceMap(JSON.parse(json));
    const entry = map.findEntry(line - 1, column - 1);
    if (!("originalLine" in entry)) return undefined;
    return { line: entry.originalLine + 1, column: entry.originalColumn + 1 };
  };
}
