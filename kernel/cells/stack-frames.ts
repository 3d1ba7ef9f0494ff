import { findSourceMap } from "node:module";
import { fileURLToPath } from "node:url";
import type { Position } from "./positions";
import { attempt } from "./safe-text";

/** What stack traces need to know of a cell. */
export interface CellSource {
  /** The name that stack traces give it, such as `Cell [3]`. */
  name: string;
  source: string;
  /**
   * Finds the place in `source` that a place in the compiled code comes from, or undefined where the compiler made
   * the code up. Without it, the code that runs is the source.
   */
  locate?(position: Position): Position | undefined;
}

/** The cells that have been run, by the file name under which V8 knows their code. */
export interface Cells {
  get(file: string): CellSource | undefined;
}

/** A line of a stack trace, with the place in the source that was written, not in the code that was compiled. */
export interface Frame extends Partial<Position> {
  /** The line as Node prints it, without `at`: `async f (Cell [3]:5:9)`. */
  text: string;
  /** The path or URL of the source; undefined for what V8 has built in. */
  file?: string;
  /** The cell that the code, or the `eval` that made it, stands in. */
  cell?: CellSource;
}

/** Reads what V8 hands to `Error.prepareStackTrace`. */
export function frameOfCallSite(site: NodeJS.CallSite, cells: Cells): Frame | undefined {
  const text = String(site);
  if (site.isEval()) return frameOfEval(text, cells);
  const script = site.getScriptNameOrSourceURL() ?? undefined;
  const compiled = { line: site.getLineNumber() ?? 0, column: site.getColumnNumber() ?? 0 };
  if (!script || compiled.line === 0) return { text, file: script };
  const cell = cells.get(script);
  const written = cell ? placeInCell(script, cell, compiled) : placeInFile(script, compiled);
  return (
    written && {
      ...written,
      cell,
      text: withPlace(text, `${script}:${compiled.line}:${compiled.column}`, written),
    }
  );
}

interface Place extends Position {
  file: string;
}

function placeInCell(script: string, cell: CellSource, compiled: Position): Place | undefined {
  if (!cell.locate) return { file: script, ...compiled };
  const position = attempt(() => cell.locate?.(compiled), undefined);
  return position && { file: cell.name, ...position };
}

/** Files that a loader has compiled, as tsx does TypeScript, have source maps that Node keeps. */
function placeInFile(script: string, compiled: Position): Place {
  const entry = attempt(
    () => findSourceMap(script)?.findEntry(compiled.line - 1, compiled.column - 1),
    undefined,
  );
  if (!entry || !("originalSource" in entry)) return { file: script, ...compiled };
  const { originalSource, originalLine, originalColumn } = entry;
  const file = originalSource.startsWith("file:") ? fileURLToPath(originalSource) : originalSource;
  return { file, line: originalLine + 1, column: originalColumn + 1 };
}

function withPlace(text: string, compiled: string, { file, line, column }: Place): string {
  const start = text.lastIndexOf(compiled);
  if (start < 0) return text;
  return `${text.slice(0, start)}${file}:${line}:${column}${text.slice(start + compiled.length)}`;
}

/** Evaluated code has no source that is kept; the frame counts to the cell whose `eval` made it. */
function frameOfEval(text: string, cells: Cells): Frame {
  const located = locateInText(text, cells);
  return { text: located.text, cell: located.cell };
}

/**
 * Reads a stack that is only text, as that of an error which has been cloned, or was given another's stack.
 *
 * @param isCompiled Whether the cells' lines are lines of compiled code.
 */
export function framesOfText(stack: string, cells: Cells, isCompiled: boolean): Frame[] {
  return stack
    .split("\n")
    .flatMap((line) => /^\s+at (.+)$/.exec(line)?.[1] ?? [])
    .map((line) => frameOfLine(line, isCompiled ? cells : written(cells)));
}

/** The cells, for text whose lines are already those of the source. */
function written(cells: Cells): Cells {
  return {
    get(file) {
      const cell = cells.get(file);
      return cell && { name: cell.name, source: cell.source };
    },
  };
}

function frameOfLine(line: string, cells: Cells): Frame {
  const { text, cell, position } = locateInText(line, cells);
  if (cell) return { text, cell, file: cell.name, ...position };
  const place = /^(?:.*? \((?=.*\)$))?(?:async )?(.+):(\d+):(\d+)\)?$/.exec(line);
  return place ? { text, file: place[1], line: Number(place[2]), column: Number(place[3]) } : { text };
}

/** Replaces the places of cells in a line of a stack. */
function locateInText(line: string, cells: Cells): { text: string; cell?: CellSource; position?: Position } {
  for (const match of line.matchAll(/:(\d+):(\d+)/g)) {
    const file = cellNameBefore(line, match.index ?? 0, cells);
    const cell = file === undefined ? undefined : cells.get(file);
    if (file === undefined || !cell) continue;
    const compiled = { line: Number(match[1]), column: Number(match[2]) };
    const place = placeInCell(file, cell, compiled);
    const text = place ? withPlace(line, `${file}${match[0]}`, place) : line;
    return { text, cell, position: place && { line: place.line, column: place.column } };
  }
  return { text: line };
}

/** A cell's name may hold spaces and brackets: it starts after one, so every such start is tried. */
function cellNameBefore(line: string, end: number, cells: Cells): string | undefined {
  for (let start = end - 1; start >= 0; start--) {
    if (start > 0 && !" (".includes(line[start - 1]!)) continue;
    const name = line.slice(start, end);
    if (cells.get(name)) return name;
  }
  return undefined;
}

/**
 * The frames that mean something to the author of a cell: nothing below the lowest frame of a cell, which is the
 * kernel's way to it, and nothing of what loads, compiles and schedules code, nor of what that calls of V8 and Node.
 *
 * @param kernelFolder Where the kernel's own files lie.
 */
export function framesOfUser(frames: Frame[], kernelFolder: string): Frame[] {
  const lowest = frames.map(({ cell }) => cell !== undefined).lastIndexOf(true);
  const above = lowest < 0 ? frames : frames.slice(0, lowest + 1);
  const isOfMachinery = (frame?: Frame) => !frame?.cell && isMachinery(frame?.file ?? "", kernelFolder);
  return above.filter((frame, i) => !isOfMachinery(frame) && !isOfMachinery(above.slice(i).find(isWritten)));
}

/** Code that someone has written, which what is built in was called by. */
const isWritten = ({ file, cell }: Frame) =>
  cell !== undefined || (file !== undefined && !file.startsWith("node:"));

const machinery = [
  /^node:internal\/(modules|process|timers|main|bootstrap|async_hooks|async_local_storage)\b/,
  /^node:async_hooks$/,
  /[\\/]node_modules[\\/](tslab|@tslab|tsx)[\\/]/,
];

function isMachinery(file: string, kernelFolder: string): boolean {
  return file.startsWith(kernelFolder) || machinery.some((pattern) => pattern.test(file));
}
