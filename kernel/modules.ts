import Module from "node:module";
import { versionOf } from "./versions";

/** The version of each source file outside node_modules when it was loaded. */
const loaded = new Map<string, string>();

function sourceModules(): NodeModule[] {
  return Object.values(require.cache).filter(
    (module): module is NodeModule => module !== undefined && !/[\\/]node_modules[\\/]/.test(module.filename),
  );
}

/** Remembers the files that were loaded since the last call. */
export function noteModules(): void {
  for (const { filename } of sourceModules()) {
    if (!loaded.has(filename)) loaded.set(filename, versionOf(filename));
  }
}

/**
 * Makes the next `require` load anew every source file that has changed, and every file that depends on one:
 * after an edit anywhere in the library, running the import cell again sees it. The kernel's own files stay.
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

/** Compiles JavaScript that exists in memory only, as Node would the file at `path`. */
export function compileModule(path: string, code: string, require: NodeJS.Require): unknown {
  const module = new Module(path) as NodeModule & { _compile(code: string, path: string): void };
  module.filename = path;
  module.require = require;
  module._compile(code, path);
  return module.exports;
}
