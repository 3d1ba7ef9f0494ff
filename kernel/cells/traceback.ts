import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { excerpt, red, shorten } from "../link/error-text";
import type { ErrorContent } from "../link/messages";
import { locate, type Position } from "./positions";

/** What a traceback asks of a cell. */
interface Cell {
  name: string;
  source: string;
  compiled: { maps: string[] };
}

Error.stackTraceLimit = 50;

/**
 * Describes what a cell threw by places that its author knows: the cell's own lines and the `.ts` lines of the
 * library, relative to the project; not the kernel, tslab or Node.
 *
 * @param cells Every cell run so far, by name.
 */
export function describeError(error: unknown, cells: Map<string, Cell>): ErrorContent {
  if (!isError(error)) {
    const evalue = typeof error === "string" ? error : inspect(error);
    return { ename: "Thrown", evalue, traceback: [`${red("Thrown")}: ${evalue}`] };
  }
  const ename = error.name || "Error";
  return { ename, evalue: String(error.message), traceback: traceback(error, cells) };
}

/** A cell's errors may come from another realm, so `instanceof` is not enough. */
function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}

function traceback(error: Error, cells: Map<string, Cell>): string[] {
  const lines = [`${red(error.name || "Error")}: ${error.message}`];
  let isShown = false;
  for (const frame of framesOf(error)) {
    const cell = cells.get(frame.file);
    const position = cell ? locate(cell.compiled.maps, frame) : frame;
    if (!position || (!cell && isMachinery(frame.file))) continue;
    const place = `${cell ? cell.name : shorten(frame.file)}:${position.line}:${position.column}`;
    lines.push(`    at ${frame.caller ? `${frame.caller} (${place})` : place}`);
    if (cell && !isShown) lines.push(...excerpt(cell.source, position));
    isShown ||= cell !== undefined;
  }
  if (isError(error.cause)) lines.push("Caused by:", ...traceback(error.cause, cells));
  return lines;
}

interface Frame extends Position {
  caller: string;
  file: string;
}

function framesOf(error: Error): Frame[] {
  const frames: Frame[] = [];
  for (const line of String(error.stack).split("\n")) {
    const match = /^\s+at (?:(.*?) \()?(.+?):(\d+):(\d+)\)?$/.exec(line);
    if (!match) continue;
    const [, caller = "", place = ""] = match;
    const file = place.replace(/^async /, "");
    frames.push({
      caller: caller.replace(/^Object\.|^async /g, "").replace(/^<anonymous>$/, ""),
      file: file.startsWith("file:") ? fileURLToPath(file) : file,
      line: Number(match[3]),
      column: Number(match[4]),
    });
  }
  return frames;
}

function isMachinery(file: string): boolean {
  return (
    file.startsWith("node:") ||
    file === "<anonymous>" ||
    file.startsWith("evalmachine") ||
    file.startsWith(dirname(__dirname)) ||
    /[\\/]node_modules[\\/](tslab|@tslab|tsx)[\\/]/.test(file)
  );
}
