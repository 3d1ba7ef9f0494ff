import type { SourceMap } from "node:module";
import { resolve } from "node:path";
import type { Converter, Diagnostic as TslabDiagnostic } from "tslab/dist/converter";
import { type ts, typescript } from "./typescript";

/** A place in a cell or in a file, both counted from one. */
export interface Position {
  line: number;
  column: number;
}

/** A compiler's complaint; without `file`, an absolute path, it is about the cell itself. */
export interface Diagnostic extends Position {
  file?: string;
  message: string;
}

/** What a cell becomes: CommonJS code, and the declarations that later cells see. */
export interface CompiledCell {
  code: string;
  declarations: string;
  isAsync: boolean;
  /** The export that holds the value of the cell's last expression. */
  resultName?: string;
  /** In-memory modules that this cell imports and that are new or have changed, as JavaScript by path. */
  modules: { path: string; data: string }[];
  /** Finds the place in the cell's source that a place in `code` comes from. */
  locate(position: Position): Position | undefined;
}

/** Thrown when a cell, or a file of the library that it imports, does not compile. */
export class CompileError extends Error {
  override name = "CompileError";
  constructor(readonly diagnostics: Diagnostic[]) {
    super(diagnostics[0]?.message);
  }
}

/**
 * Turns cells into JavaScript with tslab's converter, whose compiler `./typescript` has adapted.
 *
 * @param folder The notebook's folder, against which relative imports are resolved.
 */
export class Compiler {
  private readonly converter: Converter;

  constructor(private readonly folder: string) {
    this.converter = typescript.inFolder(folder, () => {
      const { createConverter } = require("tslab/dist/converter") as typeof import("tslab/dist/converter");
      return createConverter({});
    });
  }

  /**
   * @param declarations The declarations left by the cells before.
   * @throws CompileError
   */
  compile(declarations: string, source: string): CompiledCell {
    typescript.refresh();
    const result = this.converter.convert(declarations, source);
    const diagnostics = [...typescript.takeLibraryDiagnostics(), ...this.located(result.diagnostics)];
    if (diagnostics.length > 0) throw new CompileError(diagnostics);
    const code = result.output ?? "";
    return {
      code,
      declarations: result.declOutput ?? "",
      isAsync: hasTopLevelAwait(code),
      resultName: result.lastExpressionVar,
      modules: result.sideOutputs ?? [],
      locate: locator(typescript.lastSourceMaps()),
    };
  }

  /** Registers an in-memory module, a cell that starts with `/** @module name *​/`. */
  addModule(name: string, source: string): void {
    const diagnostics = this.located(this.converter.addModule(name, source));
    typescript.forgetImports();
    if (diagnostics.length > 0) throw new CompileError(diagnostics);
  }

  complete(declarations: string, source: string, cursor: number) {
    return this.converter.complete(declarations, source, cursor);
  }

  /** The type and the documentation of the name at the cursor, or undefined where there is none. */
  inspect(declarations: string, source: string, cursor: number): string | undefined {
    const info = this.converter.inspect(declarations, source, cursor) as ts.QuickInfo | undefined;
    const { printQuickInfo } = require("tslab/dist/inspect") as typeof import("tslab/dist/inspect");
    return info && printQuickInfo(info as Parameters<typeof printQuickInfo>[0]);
  }

  private located(diagnostics: TslabDiagnostic[]): Diagnostic[] {
    return diagnostics.map(({ fileName, start, messageText }) => ({
      file: fileName && resolve(this.folder, fileName),
      line: start.line + 1,
      column: start.character + 1,
      message: messageText,
    }));
  }
}

/** tslab's own flag misses `for await` and `await (…)`, so the code itself is asked. */
function hasTopLevelAwait(code: string): boolean {
  const { ts } = typescript;
  const file = ts.createSourceFile("cell.js", `${code}\nexport {};`, ts.ScriptTarget.ESNext);
  const isAwait = (node: ts.Node): boolean => {
    if (ts.isFunctionLike(node)) return false;
    if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)) return true;
    return ts.forEachChild(node, isAwait) ?? false;
  };
  return isAwait(file);
}

/** tslab emits in two passes, TypeScript to ES modules to CommonJS: the maps are followed backwards. */
function locator(maps: SourceMap[]): CompiledCell["locate"] {
  return (position) => {
    let { line, column } = position;
    for (const map of [...maps].reverse()) {
      const entry = map.findEntry(line - 1, column - 1);
      if (!("originalLine" in entry)) return undefined;
      line = entry.originalLine + 1;
      column = entry.originalColumn + 1;
    }
    return { line: line - typescript.linesBeforeCell, column };
  };
}
