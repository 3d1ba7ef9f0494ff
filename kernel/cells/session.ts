import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";
import type { CompiledCell } from "../language/compiler";
import type { Execution } from "./execution";
import { dropChangedModules, MemoryModules, noteModules } from "./modules";

/**
 * The values behind the notebook's names, which cells share. Cells are compiled by tslab's converter and run as tslab's
 * executor does, each in a function of its own whose exports are the notebook's variables.
 */
export class Session {
  readonly variables: Record<string, unknown> = createExports();
  private readonly modules: MemoryModules;
  private readonly require: NodeJS.Require;

  /** @param folder The notebook's folder, from which imports are resolved. */
  constructor(folder: string) {
    this.modules = new MemoryModules(folder);
    this.require = this.requireFrom(createRequire(join(folder, "cell.js")));
  }

  /**
   * Runs a cell.
   *
   * @returns The value of its last expression, or undefined; in an object, so that a promise is not awaited.
   */
  async run({ compiled, name }: Execution): Promise<{ value: unknown }> {
    dropChangedModules(dirname(__dirname));
    this.modules.update(compiled.modules);
    try {
      await this.evaluate(compiled, name);
    } finally {
      noteModules();
    }
    return { value: this.takeResult(compiled) };
  }

  private evaluate({ code, isAsync }: CompiledCell, filename: string): unknown {
    const prefix = `(${isAsync ? "async " : ""}function (exports, require) { `;
    const script = new Script(`${prefix}${code}\n})`, { filename, columnOffset: -prefix.length });
    const run = script.runInThisContext({ displayErrors: false }) as (
      exports: unknown,
      require: NodeJS.Require,
    ) => unknown;
    return run(this.variables, this.require);
  }

  /** `require` as cells see it: with tslab's own module, and the modules that cells have declared. */
  private requireFrom(original: NodeJS.Require): NodeJS.Require {
    const wrapped = (id: string): unknown => {
      if (id === "tslab") return require("./tslab").tslab();
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
