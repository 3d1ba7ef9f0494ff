import { fileURLToPath } from "node:url";
import { types } from "node:util";
import { excerpt, red, shorten } from "../link/error-text";
import type { ErrorContent } from "../link/messages";
import type { MappedStacks } from "./mapped-stacks";
import { withPlainNames } from "./plain-names";
import { attempt, capped, inspectSafely, messageOf } from "./safe-text";
import type { Frame } from "./stack-frames";

/** The number of frames shown, as in Node; beyond it, only frames of cells are. */
const FRAMES_SHOWN = 10;
/** The number of errors that one description covers: the error, its causes, the members of an AggregateError. */
const ERRORS_SHOWN = 20;

/**
 * Describes a value that a cell threw, with positions that its author knows: lines of the cell, and `.ts` lines of
 * the library relative to the project. It never throws, whatever the value does when it is read.
 */
export function describeError(thrown: unknown, stacks: MappedStacks): ErrorContent {
  if (!isError(thrown)) {
    const evalue = capped(typeof thrown === "string" ? thrown : inspectSafely(thrown));
    return { ename: "Thrown", evalue, traceback: [`${red("Thrown")}: ${evalue}`] };
  }
  const description = new Description(stacks);
  description.add(thrown);
  return { ename: nameOf(thrown), evalue: plainMessageOf(thrown), traceback: description.lines };
}

/** Errors of another realm, such as jsdom's window, are not instances of this realm's `Error`. */
function isError(value: unknown): value is object {
  if (types.isNativeError(value)) return true;
  return attempt(() => {
    const { message, stack } = value as { message?: unknown; stack?: unknown };
    return value instanceof Error || (typeof message === "string" && typeof stack === "string");
  }, false);
}

function nameOf(error: object): string {
  const given = attempt(() => (error as { name?: unknown }).name, undefined);
  if (typeof given === "string" && given !== "") return capped(given);
  if (typeof given === "number" || typeof given === "symbol") return String(given);
  const ofClass = attempt(() => error.constructor.name, undefined);
  return typeof ofClass === "string" && ofClass !== "" ? ofClass : "Error";
}

function plainMessageOf(error: object): string {
  return capped(withPlainNames(nameOf(error), messageOf(error)));
}

class Description {
  readonly lines: string[] = [];
  private readonly described = new Set<object>();
  private isFull = false;

  constructor(private readonly stacks: MappedStacks) {}

  add(error: object, indent = ""): void {
    this.described.add(error);
    const message = plainMessageOf(error);
    this.push(indent, message === "" ? red(nameOf(error)) : `${red(nameOf(error))}: ${message}`);
    this.addFrames(error, indent);
    const fields = attempt(() => fieldsOf(error), "");
    if (fields !== "") this.push(indent, fields);
    const { cause } = attempt(() => ({ cause: (error as { cause?: unknown }).cause }), { cause: undefined });
    if (cause !== undefined) this.addRelated("Caused by:", cause, indent);
    for (const [i, member] of membersOf(error).entries()) {
      if (this.isFull) return;
      this.addRelated(`Error ${i + 1}:`, member, `${indent}  `);
    }
  }

  /** Adds a cause or a member, which may be any value, or an error that has been described already. */
  private addRelated(title: string, value: unknown, indent: string): void {
    if (this.isFull) return;
    this.isFull = this.described.size >= ERRORS_SHOWN;
    if (this.isFull) this.push(indent, "… further errors are left out");
    else if (!isError(value)) this.push(indent, `${title} ${capped(inspectSafely(value))}`);
    else if (this.described.has(value))
      this.push(indent, `${title} ${nameOf(value)}, described above (a cycle)`);
    else {
      this.push(indent, title);
      this.add(value, indent);
    }
  }

  private addFrames(error: object, indent: string): void {
    const frames = attempt(() => this.stacks.framesOf(error), []);
    const shown = frames.filter(({ cell }, i) => i < FRAMES_SHOWN || cell).slice(0, 2 * FRAMES_SHOWN);
    let isExcerptDue = true;
    for (const frame of shown) {
      this.push(indent, `    at ${this.shortened(frame)}`);
      const { cell, line, column } = frame;
      if (!isExcerptDue || !cell || line === undefined || column === undefined) continue;
      this.lines.push(...excerpt(cell.source, { line, column }).map((text) => indent + text));
      isExcerptDue = false;
    }
    if (shown.length < frames.length) this.push(indent, `    … ${frames.length - shown.length} more`);
  }

  private shortened({ text, file, cell }: Frame): string {
    if (!file || cell) return text;
    const path = attempt(() => (file.startsWith("file:") ? fileURLToPath(file) : file), file);
    return text.replace(file, () => shorten(path));
  }

  private push(indent: string, text: string): void {
    this.lines.push(indent === "" ? text : text.replace(/^/gm, indent));
  }
}

/** Formats the properties that code has added to an error, such as `{ code: 'ENOENT' }`, as Node prints them. */
function fieldsOf(error: object): string {
  const known = ["name", "message", "stack", "cause", "errors"];
  const keys = Object.keys(error).filter((key) => !known.includes(key));
  const fields = Object.fromEntries(keys.map((key) => [key, (error as Record<string, unknown>)[key]]));
  return keys.length === 0 ? "" : capped(inspectSafely(fields));
}

function membersOf(error: object): unknown[] {
  return attempt(() => {
    const { errors } = error as { errors?: unknown };
    return Array.isArray(errors) ? [...errors] : [];
  }, []);
}
