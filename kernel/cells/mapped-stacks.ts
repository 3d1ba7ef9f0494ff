import { dirname, sep } from "node:path";
import { withPlainNames } from "./plain-names";
import { attempt } from "./safe-text";
import { type Cells, type Frame, frameOfCallSite, framesOfText, framesOfUser } from "./stack-frames";

/**
 * The number of frames that V8 keeps for an error, also visible to users as `Error.stackTraceLimit`. Node's 10 often
 * end inside a library, before the cell's own line.
 */
const FRAMES_KEPT = 50;

/** The frames that V8 passed when it formatted an error's stack, and the resulting text. */
interface Formatted {
  stack: unknown;
  frames: Frame[];
}

/**
 * Maps every stack of the process to sources: `error.stack`, and everything that prints it, shows lines of the cells
 * and of TypeScript files as they were written, without the kernel's own frames.
 *
 * It uses V8's `Error.prepareStackTrace` (https://v8.dev/docs/stack-trace-api), which code may replace as in any Node
 * program; `framesOf` then still finds the frames.
 */
export class MappedStacks {
  private readonly formatted = new WeakMap<object, Formatted>();
  private readonly nodes = Error.prepareStackTrace;

  /**
   * @param cells All cells run so far.
   * @param kernelFolder The folder whose frames are hidden.
   */
  constructor(
    private readonly cells: Cells,
    private readonly kernelFolder = dirname(__dirname) + sep,
  ) {}

  install(): void {
    Error.prepareStackTrace = this.prepare;
    Error.stackTraceLimit = FRAMES_KEPT;
  }

  /** Returns the frames of an error that are relevant to its author, innermost first; none for any other value. */
  framesOf(error: object): Frame[] {
    const stack = this.stackOf(error);
    const known = this.formatted.get(error);
    if (known && isOrEndsIn(stack, known.stack)) return framesOfUser(known.frames, this.kernelFolder);
    if (typeof stack !== "string") return [];
    // A stack formatted by user code with a function of its own has the lines of the compiled code.
    const isCompiled = Error.prepareStackTrace !== this.prepare;
    return framesOfUser(framesOfText(stack, this.cells, isCompiled), this.kernelFolder);
  }

  private readonly prepare = (error: Error, sites: NodeJS.CallSite[]): string => {
    const frames = this.record(error, sites);
    const ofUser = framesOfUser(frames, this.kernelFolder);
    // An error entirely within the kernel keeps its frames, for the kernel's log.
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

  /** Returns the header of a stack, one or several lines; Node's own errors include their code in it. */
  private header(error: Error): string {
    const plain = () => Error.prototype.toString.call(error);
    const header = attempt(() => (this.nodes ? String(this.nodes(error, [])) : plain()), "Error");
    return header.startsWith("TypeError") ? withPlainNames("TypeError", header) : header;
  }

  /**
   * Reads `error.stack`. If user code has installed a function of its own, the frames are captured on their way to
   * it.
   */
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

/** Node puts the source line before the stack of some errors. */
function isOrEndsIn(stack: unknown, known: unknown): boolean {
  return stack === known || (typeof stack === "string" && typeof known === "string" && stack.endsWith(known));
}
