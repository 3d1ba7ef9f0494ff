import type { CellView } from "./compiler";
import { type ts, typescript } from "./typescript";

/** The parts of TypeScript's language service that tslab's compiler exposes without a complete service. */
interface Services {
  Completions: {
    getCompletionsAtPosition(
      host: object,
      program: ts.Program,
      log: () => void,
      file: ts.SourceFile,
      position: number,
      preferences: ts.UserPreferences,
      triggerCharacter: undefined,
      kind: ts.CompletionTriggerKind,
      cancellation: ts.CancellationToken,
      format: undefined,
      includeSymbol: true,
    ): (ts.CompletionInfo & { entries: Entry[] }) | undefined;
  };
  SignatureHelp: {
    getSignatureHelpItems(
      program: ts.Program,
      file: ts.SourceFile,
      position: number,
      reason: ts.SignatureHelpTriggerReason,
      cancellation: ts.CancellationToken,
    ): ts.SignatureHelpItems | undefined;
  };
  SymbolDisplay: {
    getSymbolKind(checker: ts.TypeChecker, symbol: ts.Symbol, location: ts.Node): string;
  };
  findPrecedingToken(position: number, file: ts.SourceFile): ts.Node | undefined;
  getTouchingPropertyName(file: ts.SourceFile, position: number): ts.Node;
  isInString(file: ts.SourceFile, position: number, previous?: ts.Node): boolean;
}

/** A completion entry together with the symbol that it names. */
export type Entry = ts.CompletionEntry & { symbol?: ts.Symbol };

export const services = typescript.ts as unknown as Omit<typeof ts, keyof Services> & Services;

export const neverCancelled: ts.CancellationToken & { throwIfCancellationRequested(): void } = {
  isCancellationRequested: () => false,
  throwIfCancellationRequested() {},
};

/** What the service needs from its host: the options, and the files that a module's path may refer to. */
export function hostOf({ program, files, folder }: CellView): object {
  const modules = program.getRootFileNames().filter((name) => !/\/__(tslab|prev)__\.(d\.)?ts$/.test(name));
  const inMemory = (path: string) =>
    modules.filter((name) => name.slice(0, name.lastIndexOf("/") + 1) === path.replace(/\/*$/, "/"));
  return {
    getCompilationSettings: () => program.getCompilerOptions(),
    getCurrentDirectory: () => folder,
    useCaseSensitiveFileNames: () => true,
    fileExists: (path: string) => files.fileExists(path),
    readFile: (path: string) => files.readFile(path),
    directoryExists: (path: string) => files.directoryExists(path),
    getDirectories: (path: string) => files.getDirectories(path),
    readDirectory: (path: string, ...rest: [string[]?, string[]?, string[]?, number?]) => [
      ...files.readDirectory(path, ...rest),
      ...inMemory(path),
    ],
  };
}
