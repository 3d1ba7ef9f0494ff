import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type * as ts from "@tslab/typescript-for-tslab";
import { versionOf } from "../versions";
import type { Diagnostic } from "./diagnostic";
import { diagnosticText } from "./diagnostic-text";
import { cellGlobals } from "./globals";
import { loadTypeScript } from "./load-typescript";

export type { ts };

/**
 * tslab's compiler, with what tslab's converter lacks:
 *
 * - A relative import may leave the notebook's folder. The file that it finds counts as an external library, which is
 *   type-checked but not emitted, and is loaded from its own file at run time.
 * - Type errors in such a file are kept, and a library that has not changed is not checked again.
 * - Changed files are found by checking before each cell, not by watching.
 * - The program is built once per cell, not twice, without a map of which file imports which, and packages are looked
 *   up once.
 * - The output is an ES module with an inline source map, which `./script` makes executable.
 * - `strict` is taken from the project's tsconfig.json.
 *
 * tslab loads its compiler through `require`, so the adapted copy replaces the original in the module cache before
 * tslab's converter is loaded.
 */
const original = loadTypeScript() as typeof ts & Internals;

interface Internals {
  bindSourceFile(file: ts.SourceFile, options: ts.CompilerOptions): void;
  /** The declaration that an element of a destructuring pattern belongs to. */
  getRootDeclaration(node: ts.Node): ts.Node;
}

/** Properties that the compiler adds to a file. */
interface Notes {
  parseDiagnostics?: ts.DiagnosticWithLocation[];
  locals?: ReadonlyMap<ts.__String, ts.Symbol>;
  resolvedModules?: { forEach(visit: (found: ts.ResolvedModuleWithFailedLookupLocations) => void): void };
}

/** tslab appends an export of all names that a cell declares. */
const EXPORTS_APPENDED = /\nexport \{[^{}]*\}$/;

const watched = new Map<string, { notify: ts.FileWatcherCallback; version: string }>();
let folder = process.cwd();
let libraryDiagnostics: Diagnostic[] = [];
let checkedLibrary = "";
let areImportsStale = false;
let isPreviewed = false;
let isConverting = false;
/** The program that was built last. */
let newest: ts.BuilderProgram | undefined;
let files: ts.System = original.sys;

require.cache[require.resolve("@tslab/typescript-for-tslab")]!.exports = {
  ...original,
  createWatchCompilerHost,
  getPreEmitDiagnostics,
  createWatchProgram,
  getPreEmitDiagnosticsOfFiles,
  // `./script` replaces tslab's second pass, from ES modules to CommonJS.
  transpileModule: (outputText: string) => ({ outputText }),
};

original.sys.watchFile = (file, notify) => {
  watched.set(file, { notify, version: versionOf(file) });
  return { close: () => watched.delete(file) };
};
original.sys.watchDirectory = () => ({ close() {} });

const globalsFile = () => `${folder}/__globals__.d.ts`;

/** The code of the error "Import assignment cannot be used when targeting ECMAScript modules"; here it can be used. */
const IMPORT_ASSIGNMENT = 1202;

const isPackaged = (file: string) => file.includes("/node_modules/");

/** Tells the compiler which files outside node_modules have changed since they were read. */
function refresh(): void {
  for (const [file, entry] of watched) {
    if (isPackaged(file)) continue;
    const version = versionOf(file);
    if (version === entry.version) continue;
    entry.version = version;
    entry.notify(file, original.FileWatcherEventKind.Changed);
  }
}

function createWatchCompilerHost(roots: string[], given: ts.CompilerOptions, system: ts.System) {
  const options: ts.CompilerOptions = {
    ...given,
    strict: isStrict(folder),
    types: ["node"],
    lib: ["lib.es2023.d.ts"],
    moduleResolution: original.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    disableTopLevelAwait: false,
    inlineSourceMap: true,
  };
  const ignore = () => {};
  files = system;
  const host = original.createWatchCompilerHost(
    [...roots, globalsFile()],
    options,
    system,
    createProgram,
    ignore,
    ignore,
  );
  const packages = new Map<string, ts.ResolvedModuleWithFailedLookupLocations>();
  const incomplete = new Set<string>();

  host.resolveModuleNameLiterals = (literals, importer, redirect, compilerOptions) => {
    incomplete.delete(importer);
    return literals.map(({ text }) => {
      // Node's own modules are declared by @types/node, whatever packages with these names exist.
      if (isBuiltin(text)) return { resolvedModule: undefined };
      const key = `${text} ${dirname(importer)}`;
      const known = packages.get(key);
      if (known) return known;
      const found = resolveModule(text, importer, compilerOptions, system, redirect);
      const file = found.resolvedModule?.resolvedFileName;
      if (isPackaged(file ?? importer)) packages.set(key, found);
      else if (!file) incomplete.add(importer);
      else if (isSourceOnDisk(text, file)) found.resolvedModule!.isExternalLibraryImport = true;
      return found;
    });
  };
  const [readFile, fileExists] = [host.readFile, host.fileExists];
  host.readFile = (file, ...rest) => (file === globalsFile() ? cellGlobals : readFile(file, ...rest));
  host.fileExists = (file) => file === globalsFile() || fileExists(file);
  // Files that were missing may have been written in the meantime, so the imports of such a file are resolved again.
  // A preview shows the program before it, in which a cell that runs again has the text that comes next.
  host.hasInvalidatedResolutions = (file) =>
    areImportsStale || incomplete.has(file) || (isPreviewed && file === `${folder}/__tslab__.ts`);
  return host;
}

/** tslab adds the modules that cells declare to its initial root files. */
function createWatchProgram(host: ts.WatchCompilerHostOfFilesAndCompilerOptions<ts.BuilderProgram>) {
  const watch = original.createWatchProgram(host);
  const updateRootFileNames = (files: string[]) => watch.updateRootFileNames([...files, globalsFile()]);
  return { ...watch, updateRootFileNames };
}

/** Resolves by a package's `exports`, as bundlers and Node do; if these lead to no types, by its `types` alone. */
function resolveModule(
  specifier: string,
  importer: string,
  options: ts.CompilerOptions,
  system: ts.System,
  redirect: ts.ResolvedProjectReference | undefined,
) {
  const text = specifier.startsWith("file:") ? fileURLToPath(specifier) : specifier;
  const found = original.resolveModuleName(text, importer, options, system, undefined, redirect);
  if (/\.[cm]?ts$/.test(found.resolvedModule?.resolvedFileName ?? "") || isPath(text)) return found;
  const node10 = { ...options, moduleResolution: original.ModuleResolutionKind.Node10 };
  const older = original.resolveModuleName(text, importer, node10, system, undefined, redirect);
  return older.resolvedModule ? older : found;
}

const isPath = (specifier: string) => /^(\.|file:)/.test(specifier) || isAbsolute(specifier);

function isSourceOnDisk(specifier: string, file: string): boolean {
  return isPath(specifier) && !file.endsWith(".d.ts") && original.sys.fileExists(file);
}

/** The project's own setting, so that cells are checked like the library; a folder without one is not strict. */
function isStrict(start: string): boolean {
  const file = original.findConfigFile(start, original.sys.fileExists);
  if (!file) return false;
  const { config } = original.readConfigFile(file, (name) => readFileSync(name, "utf8"));
  return config?.compilerOptions?.strict === true;
}

/** A builder that answers for one new file only and delegates everything else to the builder before it. */
interface Preview extends ts.BuilderProgram {
  before: ts.BuilderProgram;
}

/**
 * tslab builds one program to learn which names a cell declares, then another with an export of them appended.
 * Parsing the cell is enough to learn the names.
 */
const createProgram: ts.CreateProgram<ts.BuilderProgram> = (roots, options, host, old, ...rest) => {
  const before = (old as Preview | undefined)?.before ?? old;
  const cell = before && host?.getSourceFile(`${folder}/__tslab__.ts`, original.ScriptTarget.ES2022);
  if (isConverting && cell && !EXPORTS_APPENDED.test(cell.text)) {
    original.bindSourceFile(cell, options!);
    const declares = (cell as Notes).locals?.size;
    if (declares) {
      isPreviewed = true;
      return preview(before, cell);
    }
  }
  isPreviewed = false;
  const builder = original.createAbstractBuilder(roots, options, host, before, ...rest);
  newest = builder;
  builder.getAllDependencies = (file) => dependenciesOf(file, builder.getProgram());
  areImportsStale = false;
  const emit = builder.emit.bind(builder);
  // tslab rewrites the names of earlier cells and the last expression here; `./script` does so instead.
  builder.emit = (file, write, token, onlyDeclarations, transformers) =>
    emit(file, write, token, onlyDeclarations, { ...transformers, before: [requireImports], after: [] });
  return builder;
};

/** `import fs = require("fs")` is dropped from ES modules; it is converted to `const fs = require("fs")`. */
const requireImports: ts.TransformerFactory<ts.SourceFile> = ({ factory }) => {
  const visit = (node: ts.Node) => {
    if (!original.isImportEqualsDeclaration(node) || node.isTypeOnly) return node;
    const { moduleReference: reference, name } = node;
    if (!original.isExternalModuleReference(reference)) return node;
    const call = factory.createCallExpression(factory.createIdentifier("require"), undefined, [
      reference.expression,
    ]);
    const declaration = factory.createVariableDeclaration(name, undefined, undefined, call);
    const list = factory.createVariableDeclarationList([declaration], original.NodeFlags.Const);
    return original.setTextRange(factory.createVariableStatement(undefined, list), node);
  };
  return (file) =>
    factory.updateSourceFile(file, original.visitNodes(file.statements, visit, original.isStatement));
};

/** Whether an earlier cell has declared the name as a value, in the program that was built last. */
function isEarlierValue(name: string): boolean {
  const program = newest?.getProgram();
  const file = program?.getSourceFile(`${folder}/__prev__.d.ts`) as Notes | undefined;
  const symbol = file?.locals?.get(original.escapeLeadingUnderscores(name));
  if (!symbol) return false;
  const { Alias, Value } = original.SymbolFlags;
  const target = symbol.flags & Alias ? program!.getTypeChecker().getAliasedSymbol(symbol) : symbol;
  return (target.flags & Value) !== 0;
}

/** Whether the cell of the program that was built last declares the name, as a value or as a type. */
function isDeclared(name: string): boolean {
  const file = newest?.getProgram().getSourceFile(`${folder}/__tslab__.ts`) as Notes | undefined;
  return file?.locals?.has(original.escapeLeadingUnderscores(name)) ?? false;
}

/**
 * Returns declarations of the variables that the last cell declares with `var` inside a statement, as in `for (var i
 * = 0; …)`: the compiler emits declarations of whole statements only.
 */
function nestedDeclarations(): string {
  const program = newest?.getProgram();
  const file = program?.getSourceFile(`${folder}/__tslab__.ts`);
  if (!file) return "";
  const checker = program!.getTypeChecker();
  const isNested = ({ valueDeclaration }: ts.Symbol) => {
    const { kind, parent: list } = original.getRootDeclaration(valueDeclaration ?? file);
    if (kind !== original.SyntaxKind.VariableDeclaration) return false;
    return !original.isVariableStatement(list.parent) || list.parent.parent !== file;
  };
  const nested = [...((file as Notes).locals?.values() ?? [])].filter(isNested);
  return nested
    .map((symbol) => {
      const type = checker.getTypeOfSymbolAtLocation(symbol, file);
      return `declare var ${symbol.name}: ${checker.typeToString(type, file, original.TypeFormatFlags.NoTruncation)};\n`;
    })
    .join("");
}

/** Returns the files that a file imports, directly or indirectly, outside packages; the file itself comes first. */
function dependenciesOf(file: ts.SourceFile, program: ts.Program): string[] {
  const found = new Set([file.fileName]);
  for (const name of found) {
    (program.getSourceFile(name) as Notes | undefined)?.resolvedModules?.forEach(({ resolvedModule }) => {
      if (resolvedModule && !isPackaged(resolvedModule.resolvedFileName))
        found.add(resolvedModule.resolvedFileName);
    });
  }
  return [...found];
}

function preview(before: ts.BuilderProgram, cell: ts.SourceFile): Preview {
  // tslab uses the keys as names, but the compiler writes `__name` with an extra underscore.
  const names = [...((cell as Notes).locals ?? [])].map(([key, symbol]) => [
    original.unescapeLeadingUnderscores(key),
    symbol,
  ]);
  const named = Object.create(cell, {
    locals: { value: new Map(names as [string, ts.Symbol][]) },
  }) as ts.SourceFile;
  const getSourceFile = (name: string) => (name === cell.fileName ? named : before.getSourceFile(name));
  return Object.assign(Object.create(before) as ts.BuilderProgram, { before, getSourceFile });
}

/** Checks the cell each time, but the library that it imports only if one of its files has changed. */
function getPreEmitDiagnosticsOfFiles(program: ts.Program, files: readonly ts.SourceFile[]) {
  const isLibrary = (file: ts.SourceFile) => program.isSourceFileFromExternalLibrary(file);
  const library = files.filter(isLibrary);
  if (library.length > 0) checkLibrary(program, library);
  const own = files.filter((file) => !isLibrary(file));
  return own.flatMap((file) => getPreEmitDiagnostics(program, file));
}

/**
 * If a file does not parse, only its syntax errors are reported, since types and declarations are then guesses. The
 * chain of a message is joined into one text, because tslab would make a message of each link.
 */
function getPreEmitDiagnostics(program: ts.Program, file: ts.SourceFile): ts.Diagnostic[] {
  const faults = program.getSyntacticDiagnostics(file);
  if (faults.length > 0) return [...faultsOfCellAlone(file, faults)];
  const found = original
    .getPreEmitDiagnostics(program, file)
    .filter(({ code }) => code !== IMPORT_ASSIGNMENT);
  return found.map((diagnostic) => ({
    ...diagnostic,
    messageText: diagnosticText(diagnostic.messageText),
  }));
}

/** A cell that ends too early appears to fail in the export after it, which its author has not written. */
function faultsOfCellAlone(file: ts.SourceFile, faults: readonly ts.DiagnosticWithLocation[]) {
  const text = file.text.replace(EXPORTS_APPENDED, "");
  if (text.length === file.text.length) return faults;
  const alone = original.createSourceFile(file.fileName, text, file.languageVersion) as ts.SourceFile & Notes;
  if (!alone.parseDiagnostics?.length) return faults;
  const end = text.trimEnd().length;
  const atEnd = alone.parseDiagnostics.find((fault) => fault.start >= end);
  const before = alone.parseDiagnostics.filter((fault) => fault.start < end);
  return [...before, ...(atEnd ? [{ ...atEnd, start: end, length: 0 }] : [])].map((fault) => ({
    ...fault,
    file,
  }));
}

function checkLibrary(program: ts.Program, files: ts.SourceFile[]): void {
  const state = files.map((file) => `${file.fileName} ${versionOf(file.fileName)}`).join("\n");
  if (state === checkedLibrary) return;
  libraryDiagnostics = files.flatMap((file) =>
    [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(toDiagnostic),
  );
  if (libraryDiagnostics.length === 0) checkedLibrary = state;
}

function toDiagnostic({ file, start, messageText }: ts.Diagnostic): Diagnostic {
  const { line, character } = file!.getLineAndCharacterOfPosition(start!);
  const message = diagnosticText(messageText);
  return { file: file!.fileName, line: line + 1, column: character + 1, message };
}

export const typescript = {
  ts: original,
  refresh,
  /** Runs `create` with the compiler's current folder set, which tslab's converter takes as its root. */
  inFolder<T>(notebookFolder: string, create: () => T): T {
    // The compiler's paths have forward slashes on every platform.
    folder = resolve(notebookFolder).replaceAll("\\", "/");
    original.sys.getCurrentDirectory = () => folder;
    return create();
  },
  /** Runs tslab's `convert`, the only caller for which a preview of the program is enough. */
  converting<T>(convert: () => T): T {
    isConverting = true;
    try {
      return convert();
    } finally {
      isConverting = false;
    }
  },
  /** The current program, which tslab does not expose, with the cell and the file system that it reads. */
  current() {
    const program = newest!.getProgram();
    return { program, file: program.getSourceFile(`${folder}/__tslab__.ts`)!, files };
  },
  /** Makes the next cell resolve its imports again, even if it equals the last one. */
  forgetImports(): void {
    areImportsStale = true;
  },
  isDeclared,
  isEarlierValue,
  nestedDeclarations,
  /** Returns the errors found in the library since the last call. */
  takeLibraryDiagnostics(): Diagnostic[] {
    const taken = libraryDiagnostics;
    libraryDiagnostics = [];
    return taken;
  },
};
