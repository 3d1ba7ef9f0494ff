import { readFileSync } from "node:fs";
import Module, { isBuiltin } from "node:module";
import { dirname, extname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { versionOf } from "../versions";

/** A module as an import sees it. */
export interface Imported {
  /** The object on which exports are looked up by name. */
  exports: Record<string, unknown>;
  readonly default: unknown;
  /** The value of `import * as`. */
  readonly namespace: unknown;
}

/** https://tsx.is/dev-api/ts-import */
interface TsxApi {
  tsImport(specifier: string, parent: string): Promise<Record<string, unknown>>;
}

type NativeImport = (specifier: string) => Promise<Record<string, unknown>>;

/**
 * Loads the imports of cells. CommonJS and TypeScript are loaded by `require`, as in the library, so that both share
 * one instance of a module. ES modules are loaded by Node's own `import()`, with their own conditions in `exports`,
 * top-level `await` and live bindings.
 */
export class Importer {
  private readonly native: NativeImport;
  /** The ES modules among the user's own files. An edited module is imported under a new URL. */
  private readonly own = new Map<string, { version: string; module: Promise<Imported> }>();

  /**
   * @param folder The notebook's folder, from which imports are resolved.
   * @param require Resolves from the same folder.
   * @param isVirtual Whether a module is known to `require` only.
   */
  constructor(
    private readonly folder: string,
    private readonly require: NodeJS.Require,
    private readonly isVirtual: (specifier: string) => boolean,
  ) {
    this.native = nativeImportFrom(folder);
  }

  async load(specifier: string): Promise<Imported> {
    if (this.isVirtual(specifier) || isBuiltin(specifier)) return fromCommonJs(this.require(specifier));
    if (/^(data|https?):/.test(specifier)) return fromEs(await this.native(specifier));
    const path = specifier.startsWith("file:") ? fileURLToPath(specifier) : specifier;
    const file = this.resolve(path);
    if (!file) return fromEs(await this.native(path));
    if (isPackaged(file))
      return isEsPackage(file) ? fromEs(await this.native(path)) : fromCommonJs(this.require(path));
    if (extname(file) === ".mjs") return this.loadOwn(file);
    try {
      return fromCommonJs(this.require(path));
    } catch (error) {
      if (!awaitsAtTopLevel(error)) throw error;
      return this.loadOwn(file);
    }
  }

  /** Undefined for a package without a CommonJS entry. */
  private resolve(path: string): string | undefined {
    try {
      return this.require.resolve(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ERR_PACKAGE_PATH_NOT_EXPORTED") return undefined;
      throw error;
    }
  }

  private loadOwn(file: string): Promise<Imported> {
    const version = versionOf(file);
    const known = this.own.get(file);
    if (known?.version === version) return known.module;
    const module = this.importOwn(file, known ? `?${new URLSearchParams({ version })}` : "");
    this.own.set(file, { version, module });
    // A module that failed is tried again, since the cause may be in another file.
    module.catch(() => this.own.delete(file));
    return module;
  }

  private async importOwn(file: string, query: string): Promise<Imported> {
    const url = `${pathToFileURL(file)}${query}`;
    if (extname(file) === ".mjs") return fromEs(await this.native(url));
    const { tsImport }: TsxApi = await import("tsx/esm/api" as string);
    return fromEs(await tsImport(url, pathToFileURL(join(this.folder, "cell.ts")).href));
  }
}

/** TypeScript's `esModuleInterop`: https://www.typescriptlang.org/tsconfig/#esModuleInterop */
function fromCommonJs(exports: unknown): Imported {
  const isEs = (exports as { __esModule?: boolean } | null | undefined)?.__esModule === true;
  return {
    exports: exports as Record<string, unknown>,
    get default() {
      return isEs ? (exports as { default: unknown }).default : exports;
    },
    get namespace() {
      return isEs ? exports : namespaceOf(exports);
    },
  };
}

function fromEs(namespace: Record<string, unknown>): Imported {
  return {
    exports: namespace,
    get default() {
      return namespace["default"];
    },
    namespace,
  };
}

const namespaces = new WeakMap<object, object>();

/** The exports of a CommonJS module as a namespace with them as its `default`; the same object each time. */
function namespaceOf(exports: unknown): unknown {
  if ((typeof exports !== "object" && typeof exports !== "function") || exports === null) {
    return { default: exports };
  }
  let namespace = namespaces.get(exports);
  if (!namespace) {
    namespace = { default: exports };
    for (const name of Object.keys(exports)) {
      if (name === "default") continue;
      const get = () => (exports as Record<string, unknown>)[name];
      Object.defineProperty(namespace, name, { enumerable: true, get });
    }
    namespaces.set(exports, namespace);
  }
  return namespace;
}

/** `import()` as a module in the folder would call it; the calling module determines how specifiers resolve. */
function nativeImportFrom(folder: string): NativeImport {
  const file = join(folder, "cell.cjs");
  const module = new Module(file) as NodeModule & { _compile(code: string, path: string): void };
  module._compile("module.exports = (specifier) => import(specifier);", file);
  return module.exports;
}

const isPackaged = (file: string) => /[\\/]node_modules[\\/]/.test(file);

function isEsPackage(file: string): boolean {
  if (extname(file) !== ".js") return extname(file) === ".mjs";
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    try {
      return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).type === "module";
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT" || folder === dirname(folder)) return false;
    }
  }
}

/**
 * The messages of esbuild, with which tsx compiles, and of Node itself for a module that cannot be required for this
 * reason.
 */
function awaitsAtTopLevel(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === "ERR_REQUIRE_ASYNC_MODULE" || /^Top-level await is .*not supported/m.test(message);
}
