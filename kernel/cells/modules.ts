import Module from "node:module";
import { resolve } from "node:path";
import { versionOf } from "../versions";

/** The version of each source file outside node_modules at the time it was loaded. */
const loaded = new Map<string, string>();

function sourceModules(): NodeModule[] {
  return Object.values(require.cache).filter(
    (module): module is NodeModule => module !== undefined && !/[\\/]node_modules[\\/]/.test(module.filename),
  );
}

/** Records the files that were loaded since the last call. */
export function noteModules(): void {
  for (const { filename } of sourceModules()) {
    if (!loaded.has(filename)) loaded.set(filename, versionOf(filename));
  }
}

/**
 * Makes the next `require` reload every source file that has changed, and every file that depends on one. After an
 * edit anywhere in the library, running the import cell again sees it. The kernel's own files are not reloaded.
 */
export function dropChangedModules(kernelFolder: string): void {
  const modules = sourceModules().filter(({ filename }) => !filename.startsWith(kernelFolder));
  const stale = new Set(modules.filter(({ filename }) => loaded.get(filename) !== versionOf(filename)));
  if (stale.size === 0) return;
  let count: number;
  do {
    count = stale.size;
    for (const module of modules) if (module.children.some((child) => stale.has(child))) stale.add(module);
  } while (stale.size > count);
  for (const { filename } of stale) {
    loaded.delete(filename);
    delete require.cache[filename];
  }
}

/** The modules that cells have declared with `@module`: JavaScript that exists only in memory. */
export class MemoryModules {
  private readonly code = new Map<string, string>();
  private readonly loaded = new Map<string, unknown>();

  /** @param folder The notebook's folder, which the modules' paths are in, as if they were files. */
  constructor(private readonly folder: string) {}

  /** Adds modules that are new or have changed. */
  update(modules: { path: string; data: string }[]): void {
    for (const { path, data } of modules) {
      this.code.set(path, data);
      this.loaded.delete(path);
    }
  }

  has(id: string): boolean {
    return id.startsWith(".") && this.code.has(this.pathOf(id));
  }

  /** Returns the exports of a module, which is evaluated once. */
  load(id: string, require: NodeJS.Require): unknown {
    const path = this.pathOf(id);
    if (!this.loaded.has(path)) this.loaded.set(path, compileModule(path, this.code.get(path)!, require));
    return this.loaded.get(path);
  }

  /** tslab's paths have forward slashes on every platform. */
  private pathOf(id: string): string {
    return `${resolve(this.folder, id).replaceAll("\\", "/")}.js`;
  }
}

function compileModule(path: string, code: string, require: NodeJS.Require): unknown {
  const module = new Module(path) as NodeModule & { _compile(code: string, path: string): void };
  module.filename = path;
  module.require = require;
  module._compile(code, path);
  return module.exports;
}
