import { findSourceMap } from "node:module";
import { fileURLToPath } from "node:url";
import type { Position } from "./positions";
import { attempt } from "./safe-text";

/** What stack traces need to know about a cell. */
export interface CellSource {
  /** The name in stack traces, such as `Cell [3]`. */
  name: string;
  source: string;
  /**
   * Maps a position in the compiled code to one in `source`, or to undefined for code that the compiler generated. If
   * it is absent, the running code is the source.
   */
  locate?(position: Position): Position | undefined;
}

/** The cells that have been run, by the file name under which V8 knows their code. */
export interface Cells {
  get(file: string): CellSource | undefined;
}

/** A line of a stack trace, with its position in the source rather than in the compiled code. */
export interface Frame extends Partial<Position> {
  /** The line as Node prints it, without `at`: `async f (Cell [3]:5:9)`. */
  text: string;
  /** The path or URL of the source; undefined for built-in functions. */
  file?: string;
  /** The cell that contains the code, or the `eval` that created it. */
  cell?: CellSource;
}

/** Reads the call sites that V8 passes to `Error.prepareStackTrace`. */
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

/** Files compiled by a loader, as tsx compiles TypeScript, have source maps that Node keeps. */
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

/** The source of evaluated code is not kept; the frame belongs to the cell that called `eval`. */
function frameOfEval(text: string, cells: Cells): Frame {
  const located = locateInText(text, cells);
  return { text: located.text, cell: located.cell };
}

/**
 * Parses a stack that is only text, as that of an error that was cloned or was assigned another error's stack.
 *
 * @param isCompiled Whether the lines of cells are lines of compiled code.
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

/** Replaces the positions of cells in a line of a stack. */
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

/** A cell's name may contain spaces and brackets and begins after one of them, so every such position is tried. */
function cellNameBefore(line: string, end: number, cells: Cells): string | undefined {
  for (let start = end - 1; start >= 0; start--) {
    if (start > 0 && !" (".includes(line[start - 1]!)) continue;
    const name = line.slice(start, end);
    if (cells.get(name)) return name;
  }
  return undefined;
}

/**
 * Returns the frames that are relevant to the author of a cell. Frames below the lowest frame of a cell are omitted,
 * since they are the kernel's call of it, and so are the frames of loading, compiling and scheduling code, with the
 * frames of V8 and Node that these call.
 *
 * @param kernelFolder The folder of the kernel's own files.
 */
export function framesOfUser(frames: Frame[], kernelFolder: string): Frame[] {
  const lowest = frames.map(({ cell }) => cell !== undefined).lastIndexOf(true);
  const above = lowest < 0 ? frames : frames.slice(0, lowest + 1);
  const isOfMachinery = (frame?: Frame) => !frame?.cell && isMachinery(frame?.file ?? "", kernelFolder);
  return above.filter((frame, i) => !isOfMachinery(frame) && !isOfMachinery(above.slice(i).find(isWritten)));
}

/** Code that someone has written, as opposed to the built-in functions that it calls. */
const isWritten = ({ file, cell }: Frame) =>
  cell !== undefined || (file !== undefined && !file.startsWith("node:"));

const MACHINERY = [
  /^node:internal\/(modules|process|timers|main|bootstrap|async_hooks|async_local_storage)\b/,
  /^node:async_hooks$/,
  /[\\/]node_modules[\\/](tslab|@tslab|tsx)[\\/]/,
];

function isMachinery(file: string, kernelFolder: string): boolean {
  return file.startsWith(kernelFolder) || MACHINERY.some((pattern) => pattern.test(file));
}
