import { createRequire } from "node:module";
import { join } from "node:path";
import { format } from "node:util";
import ts from "typescript";
import { projectFolder } from "../../lib/notebook/project";

/** A block of TypeScript in a Markdown page. */
export interface CodeBlock {
  /** The line of its opening fence, counted from 1. */
  line: number;
  code: string;
  /** What the page says that it prints: the block of text right after it. */
  output?: string;
}

/** The folder in which the code of the pages runs: its imports are a notebook's. */
const folder = join(projectFolder, "notebooks");

/** The blocks of TypeScript in a page, each with the fenced text that follows it. */
export function codeBlocksOf(markdown: string): CodeBlock[] {
  const fences = /^```ts\n(.*?)^```$(?:\n+```text\n(.*?)^```$)?/gms;
  return [...markdown.matchAll(fences)].map(({ index, 1: code, 2: output }) => ({
    line: markdown.slice(0, index).split("\n").length,
    code: code!,
    ...(output !== undefined && { output }),
  }));
}

/**
 * Checks the types of pages, each of whose blocks sees those before it, as the cells of a notebook do.
 *
 * @param pages The blocks of each page, by its path.
 * @returns The messages of all errors, each with its page and line.
 */
export function typeErrorsOf(pages: Record<string, CodeBlock[]>): string[] {
  const sources = new Map(
    Object.entries(pages).map(([page, blocks]) => [
      join(folder, `${page.replaceAll("/", "-")}.ts`),
      { page, blocks },
    ]),
  );
  const options = compilerOptions();
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (file) => sources.has(file) || fileExists(file);
  host.getSourceFile = (file, version, ...rest) => {
    const source = sources.get(file);
    return source
      ? ts.createSourceFile(file, atTheirLines(source.blocks), version)
      : getSourceFile(file, version, ...rest);
  };
  const program = ts.createProgram([...sources.keys()], options, host);
  return [...sources].flatMap(([file, { page }]) =>
    ts.getPreEmitDiagnostics(program, program.getSourceFile(file)).map(({ start = 0, messageText }) => {
      const { line } = program.getSourceFile(file)!.getLineAndCharacterOfPosition(start);
      return `${page}:${line + 1}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
    }),
  );
}

/** The project's own options, but for a module whose code awaits at its top level, as that of cells does. */
function compilerOptions(): ts.CompilerOptions {
  const file = ts.readConfigFile(join(projectFolder, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...file.config, files: [] }, ts.sys, projectFolder);
  return {
    ...options,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    moduleDetection: ts.ModuleDetectionKind.Force,
    noUnusedLocals: false,
  };
}

/** The blocks as one text, in which each line has the number that it has in the page. */
function atTheirLines(blocks: CodeBlock[]): string {
  let text = "";
  let lines = 0;
  for (const { line, code } of blocks) {
    text += "\n".repeat(line - lines) + code;
    lines = line + code.split("\n").length - 1;
  }
  return text;
}

const AsyncFunction = (async () => undefined).constructor as new (
  ...names: string[]
) => (...values: unknown[]) => Promise<void>;

/**
 * Runs the blocks of a page, one after another, as the cells of a notebook.
 *
 * @returns What each of them printed with `console.log`, and displayed as text.
 * @throws Whatever a block throws.
 */
export async function outputsOf(blocks: CodeBlock[]): Promise<string[]> {
  const outputs: string[] = [];
  let printed = "";
  const endOfBlock = () => {
    outputs.push(printed);
    printed = "";
  };
  const module = blocks.map(({ code }) => `${code}\nendOfBlock();\n`).join("");
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, esModuleInterop: true };
  const javascript = ts.transpileModule(module, { compilerOptions: options }).outputText;
  const run = new AsyncFunction("exports", "require", "endOfBlock", javascript);
  const { log } = console;
  console.log = (...values: unknown[]) => {
    printed += `${format(...values)}\n`;
  };
  try {
    await run({}, requireFromNotebooks(), endOfBlock);
  } finally {
    console.log = log;
  }
  return outputs;
}

/** Loads what notebooks import; the library by the loader of TypeScript that runs this module. */
function requireFromNotebooks(): (name: string) => unknown {
  const requireThere = createRequire(join(folder, "page.js"));
  return (name) => (name === "../lib" ? require("../../lib") : requireThere(name));
}
