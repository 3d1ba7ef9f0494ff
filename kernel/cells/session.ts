import Module, { createRequire, isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { Script } from "node:vm";
import type { CompiledCell } from "../language/compiler";
import type { Execution } from "./execution";
import { type Imported, Importer } from "./imports";
import { dropChangedModules, MemoryModules, noteModules } from "./modules";
import { beforeShown } from "./promises";
import { asExports, Variables } from "./variables";

/** The first parameter of a cell's compiled code. */
interface Scope {
  variables: Variables;
  /** The cell's imports, in the order of `CompiledCell.imports`. */
  modules: Imported[];
  /** Replaces `import()`. */
  import(specifier: unknown): Promise<unknown>;
  /** Replaces `import.meta`. */
  meta: { url: string; dirname: string; filename: string; resolve(specifier: string): string };
  /** Receives the value of the last expression. If the value were returned instead, a promise would be awaited. */
  result?: unknown;
}

/** The variables and modules that cells share. Each cell runs in a function of its own. */
export class Session {
  private readonly variables = new Variables();
  private readonly modules: MemoryModules;
  private readonly require: NodeJS.Require;
  private readonly importer: Importer;
  private readonly module: NodeModule;

  /** @param folder The notebook's folder, from which imports are resolved. */
  constructor(folder: string) {
    this.modules = new MemoryModules(folder);
    this.module = new Module(join(folder, "cell.ts"));
    this.module.filename = this.module.id;
    this.require = this.requireFrom(createRequire(this.module.filename));
    this.module.require = this.require;
    this.module.exports = asExports(this.variables);
    const isVirtual = (id: string) => id === "tslab" || this.modules.has(id);
    this.importer = new Importer(folder, this.require, isVirtual);
  }

  /**
   * Runs a cell.
   *
   * @returns The value of its last expression, or undefined, wrapped in an object so that a promise is not awaited.
   */
  async run({ compiled, name }: Execution): Promise<{ value: unknown }> {
    dropChangedModules(dirname(__dirname));
    this.modules.update(compiled.modules);
    const scope = this.createScope();
    try {
      if (compiled.imports.length > 0) await this.loadInto(scope, compiled.imports);
      await this.evaluate(compiled, scope, name);
    } finally {
      noteModules();
    }
    await beforeShown(scope.result);
    return { value: scope.result };
  }

  /** Evaluates modules one after another, in the order of their imports. */
  private async loadInto({ modules }: Scope, specifiers: string[]): Promise<void> {
    for (const specifier of specifiers) modules.push(await this.importer.load(specifier));
  }

  private evaluate({ code }: CompiledCell, scope: Scope, filename: string): unknown {
    const { require, module } = this;
    const script = new Script(code, { filename });
    const run = script.runInThisContext({ displayErrors: false }) as (...args: unknown[]) => unknown;
    return run(scope, require, module, module.exports, module.filename, dirname(module.filename));
  }

  private createScope(): Scope {
    const { filename } = this.module;
    const url = pathToFileURL(filename).href;
    const resolve = (specifier: string) => {
      const file = this.require.resolve(specifier);
      return isBuiltin(file) ? `node:${file.replace(/^node:/, "")}` : pathToFileURL(file).href;
    };
    return {
      variables: this.variables,
      modules: [],
      import: async (specifier) => (await this.importer.load(String(specifier))).namespace,
      meta: { url, dirname: dirname(filename), filename, resolve },
    };
  }

  /** `require` as cells see it: it also finds tslab's own module and the modules that cells have declared. */
  private requireFrom(original: NodeJS.Require): NodeJS.Require {
    const wrapped = (id: string): unknown => {
      if (id === "tslab") return require("./tslab").tslab();
      return this.modules.has(id) ? this.modules.load(id, this.require) : original(id);
    };
    // As in a script that Node was started with, `require.main === module`.
    return Object.assign(wrapped, original, { main: this.module }) as NodeJS.Require;
  }
}
