import { resolve } from "node:path";
import type { Converter, Diagnostic as TslabDiagnostic } from "tslab/dist/converter";
import { shellHint } from "./question";
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

/** A cell that need not be complete nor correct, for those who help to write it. */
export interface CellView {
  program: ts.Program;
  file: ts.SourceFile;
  /** Where in `file` the cell begins. */
  offset: number;
  /** The notebook's folder. */
  folder: string;
  /** The disk, with the modules that exist in memory only. */
  files: ts.System;
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
    const result = typescript.converting(() => this.converter.convert(declarations, source));
    const faults = withShellHint(result.diagnostics, source);
    const diagnostics = [...typescript.takeLibraryDiagnostics(), ...this.located(faults)];
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

  /**
   * A cell as the language service sees it. To build its program costs half of what a completion costs; asked again
   * for the same cell, it is there. Files of the library are as they were when the last cell was compiled: that is
   * what runs.
   *
   * @param declarations The declarations left by the cells before.
   */
  view(declarations: string, source: string): CellView {
    // tslab brings its program up to date before it looks for the place, which lies outside of the cell.
    this.converter.inspect(declarations, source, Number.MIN_SAFE_INTEGER);
    const { program, file, files } = typescript.current();
    return { program, file, files, folder: this.folder, offset: file.text.length - source.length };
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

/** "Cannot find name". */
const unknownName = 2304;
const looksLikeCommand = /^\s*!\s*\w+(\s+[-\w./]|\s*$)/;

/** A line such as `!ls -l` parses as TypeScript; all that is wrong with it is that it is meant for the shell. */
function withShellHint(diagnostics: TslabDiagnostic[], source: string): TslabDiagnostic[] {
  const lines = source.split("\n");
  const lineOf = ({ fileName, start }: TslabDiagnostic) => (fileName ? "" : (lines[start.line] ?? ""));
  const found = diagnostics.find(
    (fault) => fault.code === unknownName && looksLikeCommand.test(lineOf(fault)),
  );
  if (!found) return diagnostics;
  const others = diagnostics.filter(({ fileName, start }) => fileName || start.line !== found.start.line);
  return [{ ...found, messageText: `${found.messageText} ${shellHint(lineOf(found).trim())}` }, ...others];
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
