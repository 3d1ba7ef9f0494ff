import { SourceMap } from "node:module";

/** A place in a cell or in a file, both counted from one. */
export interface Position {
  line: number;
  column: number;
}

/**
 * Finds the place in a cell's source that a place in its code comes from.
 *
 * @param json The source map, which is read when the first place is asked for: most cells do not fail.
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
