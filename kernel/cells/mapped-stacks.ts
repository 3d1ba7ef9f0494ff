import { dirname, sep } from "node:path";
import { withPlainNames } from "./plain-names";
import { attempt } from "./safe-text";
import { type Cells, type Frame, frameOfCallSite, framesOfText, framesOfUser } from "./stack-frames";

/**
 * How many frames V8 keeps of an error, for users too as `Error.stackTraceLimit`. Node's 10 would often end within
 * a library before the line of the cell is reached.
 */
const FRAMES_KEPT = 50;

/** What V8 was given when an error's stack was made text, and what it was made. */
interface Formatted {
  stack: unknown;
  frames: Frame[];
}

/**
 * Makes every stack of the process one of sources: `error.stack` and all that prints it show the lines of the cells
 * and of TypeScript files as they were written, without the kernel's own frames.
 *
 * It works through V8's `Error.prepareStackTrace` (https://v8.dev/docs/stack-trace-api), which code may replace for
 * itself as in any Node program; `framesOf` then still knows the frames.
 */
export class MappedStacks {
  private readonly formatted = new WeakMap<object, Formatted>();
  private readonly nodes = Error.prepareStackTrace;

  /**
   * @param cells Every cell run so far.
   * @param kernelFolder The folder whose frames are not shown.
   */
  constructor(
    private readonly cells: Cells,
    private readonly kernelFolder = dirname(__dirname) + sep,
  ) {}

  install(): void {
    Error.prepareStackTrace = this.prepare;
    Error.stackTraceLimit = FRAMES_KEPT;
  }

  /** The frames of an error that mean something to its author, innermost first; none for any other value. */
  framesOf(error: object): Frame[] {
    const stack = this.stackOf(error);
    const known = this.formatted.get(error);
    if (known && isOrEndsIn(stack, known.stack)) return framesOfUser(known.frames, this.kernelFolder);
    if (typeof stack !== "string") return [];
    // What code with a function of its own in place has made of a stack has the lines of the compiled code.
    const isCompiled = Error.prepareStackTrace !== this.prepare;
    return framesOfUser(framesOfText(stack, this.cells, isCompiled), this.kernelFolder);
  }

  private readonly prepare = (error: Error, sites: NodeJS.CallSite[]): string => {
    const frames = this.record(error, sites);
    const ofUser = framesOfUser(frames, this.kernelFolder);
    // An error within the kernel alone keeps its frames, for the kernel's log.
    const shown = ofUser.some(({ file, cell }) => file || cell) ? ofUser : frames;
    const stack = [this.header(error), ...shown.map(({ text }) => `    at ${text}`)].join("\n");
    this.formatted.set(error, { stack, frames });
    return stack;
  };

  private record(error: object, sites: NodeJS.CallSite[]): Frame[] {
    const frames = sites.flatMap((site) => attempt(() => frameOfCallSite(site, this.cells), undefined) ?? []);
    this.formatted.set(error, { stack: undefined, frames });
    return frames;
  }

  /** The first line, or lines, of a stack: Node's own for errors of Node, which have their code in it. */
  private header(error: Error): string {
    const plain = () => Error.prototype.toString.call(error);
    const header = attempt(() => (this.nodes ? String(this.nodes(error, [])) : plain()), "Error");
    return header.startsWith("TypeError") ? withPlainNames("TypeError", header) : header;
  }

  /** Reads `error.stack`; where code has put a function of its own in place, the frames are seen as they pass. */
  private stackOf(error: object): unknown {
    const read = () => (error as { stack?: unknown }).stack;
    const custom = attempt(() => Error.prepareStackTrace, undefined);
    if (typeof custom !== "function" || custom === this.prepare) return attempt(read, undefined);
    Error.prepareStackTrace = (of, sites) => {
      const frames = this.record(of, sites);
      const stack = custom.call(Error, of, sites);
      this.formatted.set(of, { stack, frames });
      return stack;
    };
    try {
      return attempt(read, undefined);
    } finally {
      Error.prepareStackTrace = custom;
    }
  }
}

/** Node puts the line of the source before the stack of some errors. */
function isOrEndsIn(stack: unknown, known: unknown): boolean {
  return stack === known || (typeof stack === "string" && typeof known === "string" && stack.endsWith(known));
}
