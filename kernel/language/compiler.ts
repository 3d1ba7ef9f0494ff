import { resolve } from "node:path";
import type { Converter, Diagnostic as TslabDiagnostic } from "tslab/dist/converter";
import { shellHint } from "./question";
import { type Script, toScript } from "./script";
import { moduleNameOf, withoutExports } from "./source";
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

/** What a cell becomes for the process that runs it: plain data. */
export interface CompiledCell extends Pick<Script, "code" | "imports" | "map"> {
  /** In-memory modules that this cell imports and that are new or have changed, as JavaScript by path. */
  modules: { path: string; data: string }[];
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

/**
 * Turns cells into JavaScript with tslab's converter, whose compiler `./typescript` has adapted.
 *
 * @param folder The notebook's folder, against which relative imports are resolved.
 */
export class Compiler {
  private readonly converter: Converter;
  /** What cells have declared with `declare`: it is theirs to read, but no variable of the notebook. */
  private readonly globals = new Set<string>();

  constructor(private readonly folder: string) {
    this.converter = typescript.inFolder(folder, () => {
      const { createConverter } = require("tslab/dist/converter") as typeof import("tslab/dist/converter");
      return createConverter({});
    });
  }

  /** @param declarations The declarations left by the cells before. */
  compile(declarations: string, source: string): Compilation {
    const name = moduleNameOf(source);
    if (name) return { declarations, diagnostics: this.addModule(name, source) };
    typescript.refresh();
    const result = typescript.converting(() => this.converter.convert(declarations, withoutExports(source)));
    const faults = withShellHint(result.diagnostics, source);
    const diagnostics = [...typescript.takeLibraryDiagnostics(), ...this.located(faults)];
    if (diagnostics.length > 0) return { declarations, diagnostics };
    const { code, imports, map } = this.script(result.output ?? "");
    const modules = (result.sideOutputs ?? []).map(({ path, data }) => ({ path, data: toCommonJs(data) }));
    const declared = [result.declOutput ?? "", typescript.nestedDeclarations(), keptNamespaces(declarations)];
    return { compiled: { code, imports, map, modules }, declarations: declared.join(""), diagnostics };
  }

  private script(code: string): Script {
    const isEarlier = (name: string) => !this.globals.has(name) && typescript.isEarlierValue(name);
    const script = toScript(code, isEarlier);
    for (const name of script.names) this.globals.delete(name);
    for (const name of script.globals) this.globals.add(name);
    return script;
  }

  /** Registers an in-memory module, a cell that starts with `/** @module name *​/`. */
  private addModule(name: string, source: string): Diagnostic[] {
    const diagnostics = this.located(this.converter.addModule(name, source.replace(/^#!/, "//")));
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

/** The namespaces of earlier cells, which tslab forgets one cell later, where the new cell has not replaced them. */
function keptNamespaces(declarations: string): string {
  if (!/\bnamespace\b|\bimport [\w$]+ =/.test(declarations)) return "";
  const { ts } = typescript;
  const file = ts.createSourceFile("declarations.d.ts", declarations, ts.ScriptTarget.Latest);
  const kept = file.statements.filter(
    (statement) =>
      (ts.isModuleDeclaration(statement) || ts.isImportEqualsDeclaration(statement)) &&
      !typescript.isDeclared(statement.name.text),
  );
  return kept.map((statement) => `${statement.getText(file)}\n`).join("");
}

/** A module that cells declare is CommonJS: only cells themselves wait for what they import. */
function toCommonJs(code: string): string {
  const { ts } = typescript;
  const compilerOptions: ts.CompilerOptions = {
    module: ts.ModuleKind.CommonJS,
    target: ts.ScriptTarget.ES2022,
    esModuleInterop: true,
    inlineSourceMap: false,
  };
  return ts.transpileModule(code, { fileName: "module.js", compilerOptions }).outputText;
}
