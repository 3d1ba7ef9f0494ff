import { resolve } from "node:path";
import type { Converter, Diagnostic as TslabDiagnostic } from "tslab/dist/converter";
import type { Diagnostic } from "./diagnostic";
import { shellHint } from "./question";
import { type Script, toScript } from "./script";
import { moduleNameOf, withoutExports } from "./source";
import { type ts, typescript } from "./typescript";

/** A compiled cell as plain data, for the process that runs it. */
export interface CompiledCell extends Pick<Script, "code" | "imports" | "map"> {
  /** The in-memory modules that this cell imports and that are new or have changed, as JavaScript by path. */
  modules: { path: string; data: string }[];
}

/** The result of compiling a cell: its code and the declarations that later cells see, or its errors. */
export interface Compilation {
  /** Absent if the cell does not compile, or if it declares a module, of which nothing runs. */
  compiled?: CompiledCell;
  declarations: string;
  diagnostics: Diagnostic[];
}

/** A cell that may be incomplete or incorrect, for completion and inspection. */
export interface CellView {
  program: ts.Program;
  file: ts.SourceFile;
  /** The offset in `file` at which the cell begins. */
  offset: number;
  /** The notebook's folder. */
  folder: string;
  /** The file system, with the modules that exist only in memory. */
  files: ts.System;
}

/**
 * Converts cells to JavaScript with tslab's converter, whose compiler is adapted by `./typescript`.
 *
 * @param folder The notebook's folder, from which relative imports are resolved.
 */
export class Compiler {
  private readonly converter: Converter;
  /** Names that cells have declared with `declare`: cells can read them, but they are not variables of the notebook. */
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
   * Returns a cell as the language service sees it. Building its program takes half the time of a completion; it is
   * kept for further requests about the same cell. Files of the library are as they were when the last cell was
   * compiled, since that version is what runs.
   *
   * @param declarations The declarations left by the cells before.
   */
  view(declarations: string, source: string): CellView {
    // tslab updates its program before it looks up the position, which lies outside of the cell.
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
const UNKNOWN_NAME = 2304;
const LOOKS_LIKE_COMMAND = /^\s*!\s*\w+(\s+[-\w./]|\s*$)/;

/** A line such as `!ls -l` parses as TypeScript; its only error is that it is meant for the shell. */
function withShellHint(diagnostics: TslabDiagnostic[], source: string): TslabDiagnostic[] {
  const lines = source.split("\n");
  const lineOf = ({ fileName, start }: TslabDiagnostic) => (fileName ? "" : (lines[start.line] ?? ""));
  const found = diagnostics.find(
    (fault) => fault.code === UNKNOWN_NAME && LOOKS_LIKE_COMMAND.test(lineOf(fault)),
  );
  if (!found) return diagnostics;
  const others = diagnostics.filter(({ fileName, start }) => fileName || start.line !== found.start.line);
  return [{ ...found, messageText: `${found.messageText} ${shellHint(lineOf(found).trim())}` }, ...others];
}

/** The namespaces of earlier cells that the new cell does not replace; tslab forgets them one cell later. */
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

/** Modules that cells declare are CommonJS: only cells themselves can wait for their imports. */
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
