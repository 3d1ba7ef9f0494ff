import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";
import { type CompiledCell, Compiler } from "../language/compiler";
import { dropChangedModules, MemoryModules, noteModules } from "./modules";

/** A cell that is being executed. */
export interface Cell {
  /** The name that tracebacks give it, such as `Cell [3]`. */
  name: string;
  source: string;
  /** Aborted when the user interrupts the cell. */
  signal: AbortSignal;
  /** Set once an interrupted cell is over: nothing that it has started goes on. */
  isAbandoned?: boolean;
  compiled?: CompiledCell;
}

/** What a cell throws that the user has interrupted. */
export class Interrupted extends Error {
  override name = "Interrupted";
  constructor() {
    super("the cell was interrupted");
  }
}

/** How many milliseconds an interrupted cell may take to stop by itself. */
const patience = 1000;
const moduleCell = /^\s*\/\*\*[^/]*@module\s+(\S+)/;

/**
 * The state that cells share: the declarations that the compiler has seen and the values behind them. Cells are
 * compiled by tslab's converter and run as tslab's executor does, each in a function of its own whose exports are
 * the notebook's variables.
 */
export class Session {
  readonly variables: Record<string, unknown> = createExports();
  private readonly compiler: Compiler;
  private readonly modules: MemoryModules;
  private readonly require: NodeJS.Require;
  private declarations = "";

  /** @param folder The notebook's folder, from which imports are resolved. */
  constructor(folder: string) {
    this.compiler = new Compiler(folder);
    this.modules = new MemoryModules(folder);
    this.require = this.requireFrom(createRequire(join(folder, "cell.js")));
  }

  /**
   * Compiles and runs a cell.
   *
   * @returns The value of its last expression, or undefined.
   * @throws CompileError, Interrupted, or whatever the cell throws.
   */
  async run(cell: Cell): Promise<unknown> {
    const name = moduleCell.exec(cell.source)?.[1];
    if (name) return this.compiler.addModule(name, cell.source);
    dropChangedModules(dirname(__dirname));
    const compiled = this.compiler.compile(this.declarations, cell.source);
    cell.compiled = compiled;
    this.modules.update(compiled.modules);
    // What the cell declares stays declared where it fails or is interrupted half-way, as in Python.
    this.declarations = compiled.declarations;
    try {
      await settled(this.evaluate(compiled, cell.name), cell.signal);
    } catch (error) {
      cell.isAbandoned = error instanceof Interrupted;
      throw error;
    } finally {
      noteModules();
    }
    return this.takeResult(compiled);
  }

  complete(source: string, cursor: number) {
    return this.compiler.complete(this.declarations, source, cursor);
  }

  inspect(source: string, cursor: number): string | undefined {
    return this.compiler.inspect(this.declarations, source, cursor);
  }

  private evaluate({ code, isAsync }: CompiledCell, filename: string): unknown {
    const prefix = `(${isAsync ? "async " : ""}function (exports, require) { `;
    const script = new Script(`${prefix}${code}\n})`, { filename, columnOffset: -prefix.length });
    const run = script.runInThisContext() as (exports: unknown, require: NodeJS.Require) => unknown;
    return interruptible(() => run(this.variables, this.require));
  }

  /** `require` as cells see it: with tslab's own module, and the modules that cells have declared. */
  private requireFrom(original: NodeJS.Require): NodeJS.Require {
    const wrapped = (id: string): unknown => {
      if (id === "tslab") return require("tslab");
      return this.modules.has(id) ? this.modules.load(id, this.require) : original(id);
    };
    return Object.assign(wrapped, original) as NodeJS.Require;
  }

  private takeResult({ resultName }: CompiledCell): unknown {
    if (!resultName) return undefined;
    const value = this.variables[resultName];
    delete this.variables[resultName];
    return value;
  }
}

/** TypeScript defines imported names as getters; a notebook wants plain variables, which later cells may replace. */
function createExports(): Record<string, unknown> {
  return new Proxy<Record<string, unknown>>(
    {},
    {
      defineProperty(target, name, { get, value }) {
        if (name !== "__esModule") target[name as string] = get ? get() : value;
        return true;
      },
    },
  );
}

/** Runs a function so that SIGINT ends it even where it never gives control back. */
function interruptible(work: () => unknown): unknown {
  const holder = globalThis as { __weightspaceWork__?: () => unknown };
  holder.__weightspaceWork__ = work;
  try {
    return new Script("__weightspaceWork__()").runInThisContext({ breakOnSigint: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_INTERRUPTED") throw new Interrupted();
    throw error;
  } finally {
    delete holder.__weightspaceWork__;
  }
}

/** Waits for the cell's end; once it is interrupted, for one second more, and then no longer. */
async function settled(result: unknown, signal: AbortSignal): Promise<void> {
  if (!(result instanceof Promise)) return;
  const outOfPatience = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => setTimeout(() => reject(new Interrupted()), patience));
  });
  try {
    await Promise.race([result, outOfPatience]);
  } catch (error) {
    throw signal.aborted ? new Interrupted() : error;
  }
  if (signal.aborted) throw new Interrupted();
}
