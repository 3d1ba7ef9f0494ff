import { resolve } from "node:path";
import type { Converter, Diagnostic as TslabDiagnostic } from "tslab/dist/converter";
import { type ts, typescript } from "./typescript";

/**
 * A compiler's complaint: the line and column are counted from one; without `file`, an absolute path, it is about the
 * cell itself.
 */
export interface Diagnostic {
  file?: string;
  line: number;
  column: number;
  message: string;
}

/** What a cell becomes: CommonJS code, and the declarations that later cells see. */
export interface CompiledCell {
  code: string;
  isAsync: boolean;
  /** The export that holds the value of the cell's last expression. */
  resultName?: string;
  /** In-memory modules that this cell imports and that are new or have changed, as JavaScript by path. */
  modules: { path: string; data: string }[];
  /** The source maps from the cell's source to `code`, as JSON, in the order of the compiler's passes. */
  maps: string[];
}

/** What the compiler makes of a cell: its code and the declarations that later cells see, or what is wrong with it. */
export interface Compilation {
  /** Absent where the cell does not compile, and for one that declares a module, of which nothing runs. */
  compiled?: CompiledCell;
  declarations: string;
  diagnostics: Diagnostic[];
}

const moduleCell = /^\s*\/\*\*[^/]*@module\s+(\S+)/;

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

  /** @param declarations The declarations left by the cells before. */
  compile(declarations: string, source: string): Compilation {
    const name = moduleCell.exec(source)?.[1];
    if (name) return { declarations, diagnostics: this.addModule(name, source) };
    typescript.refresh();
    const result = this.converter.convert(declarations, source);
    const diagnostics = [...typescript.takeLibraryDiagnostics(), ...this.located(result.diagnostics)];
    if (diagnostics.length > 0) return { declarations, diagnostics };
    const code = result.output ?? "";
    const compiled = {
      code,
      isAsync: hasTopLevelAwait(code),
      resultName: result.lastExpressionVar,
      modules: result.sideOutputs ?? [],
      maps: typescript.lastSourceMaps(),
    };
    return { compiled, declarations: result.declOutput ?? "", diagnostics };
  }

  /** Registers an in-memory module, a cell that starts with `/** @module name *​/`. */
  private addModule(name: string, source: string): Diagnostic[] {
    const diagnostics = this.located(this.converter.addModule(name, source));
    typescript.forgetImports();
    return diagnostics;
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
