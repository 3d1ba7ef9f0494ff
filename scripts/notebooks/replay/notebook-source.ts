import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import ts from "typescript";
import { type Parameters, type ParameterValue, parameters } from "../../../lib";
import { projectFolder } from "../../../lib/notebook/project";

export type Values = Record<string, ParameterValue>;
type Cell = { cell_type: string; metadata: { tags?: string[] } };
interface Source {
  /** The text of the code cells that are executed, with a call of `inject` after the parameters' one. */
  cells: string;
  /** JavaScript of them. */
  code: string;
  /** The text of the cell tagged `parameters`. */
  parametersCell: string;
}

/** The folder of this project's notebooks. */
export const notebooksFolder = join(projectFolder, "notebooks");

const requireHere = createRequire(__filename);
const AsyncFunction = (async () => undefined).constructor as new (
  ...names: string[]
) => (...values: unknown[]) => Promise<void>;

/**
 * The tag of cells that run a minimal example, or compare it with lib, and define nothing that later cells need. They
 * compute in earnest, so what executes a notebook with stand-ins in place of lib leaves them out.
 */
const EXAMPLE = "example";

/**
 * Executes a notebook's code cells in order, but for those tagged `example`.
 *
 * @param notebook Its name, such as `03-zero-initialization`.
 * @param lib What its imports from lib are.
 * @param options.folder The folder that it lies in. Default: that of this project's notebooks.
 * @param options.inject Called between the parameters cell and the next one, where papermill puts its own cell.
 */
export async function executeCells(
  notebook: string,
  lib: object,
  {
    folder,
    inject = () => undefined,
  }: { folder?: string; inject?: (params: Parameters<Values>) => void } = {},
): Promise<void> {
  const execute = new AsyncFunction("lib", "require", "inject", sourceOf(notebook, folder).code);
  await execute(lib, requireHere, inject);
}

/** The parameters alone, as the cells before the first import of data would see them. */
export function parametersOf(notebook: string, inject: (params: Parameters<Values>) => void): Values {
  const javascript = ts.transpile(sourceOf(notebook).parametersCell, { target: ts.ScriptTarget.ES2022 });
  const params: Parameters<Values> = new Function("parameters", `${javascript}\nreturn params;`)(parameters);
  inject(params);
  return { ...params };
}

/** The TypeScript of a notebook's code cells. */
export function cellsOf(notebook: string): string {
  return sourceOf(notebook).cells;
}

/** The statements of a notebook's parameters cell. */
export function parameterStatements(notebook: string): string[] {
  const file = ts.createSourceFile("cell.ts", sourceOf(notebook).parametersCell, ts.ScriptTarget.ES2022);
  return file.statements.map((statement) => statement.getText(file));
}

const sources = new Map<string, Source>();

function sourceOf(notebook: string, folder = notebooksFolder): Source {
  const path = join(folder, `${notebook}.ipynb`);
  const known = sources.get(path);
  if (known) return known;
  const { cells } = JSON.parse(readFileSync(path, "utf8"));
  let parametersCell = "";
  const texts = cells
    .filter(({ cell_type, metadata: { tags = [] } }: Cell) => cell_type === "code" && !tags.includes(EXAMPLE))
    .map(({ source, metadata }: { source: string[]; metadata: { tags?: string[] } }) => {
      const text = source.join("");
      if (!metadata.tags?.includes("parameters")) return text;
      parametersCell = text;
      return `${text}\ninject(params);`;
    });
  const all = texts.join("\n");
  const made = { cells: all, code: asFunctionBody(all), parametersCell };
  sources.set(path, made);
  return made;
}

/** JavaScript of a notebook's cells, with its imports as destructured objects. */
function asFunctionBody(cells: string): string {
  const withoutImports = cells.replace(
    /^import\s+\{([^}]*)\}\s+from\s+"([^"]+)";/gm,
    (_, names: string, module: string) => {
      const values = names.split(",").filter((name) => name.trim() && !/^\s*type\s/.test(name));
      return `const {${values.join(",")}} = ${module === "../lib" ? "lib" : `require("${module}")`};`;
    },
  );
  const module = `async function notebook() {\n${withoutImports}\n}`;
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS };
  return `${ts.transpile(module, options)}\nreturn notebook();`;
}

/** All that the cells of a stored notebook printed or displayed as text. */
export function outputsOf(notebook: string, folder = notebooksFolder): string {
  const { cells } = JSON.parse(readFileSync(join(folder, `${notebook}.ipynb`), "utf8"));
  type Output = { text?: string | string[]; data?: Record<string, string | string[]> };
  const outputs: Output[] = cells.flatMap((cell: { outputs?: Output[] }) => cell.outputs ?? []);
  const joined = (text: string | string[] = "") => [text].flat().join("");
  return outputs.map(({ text, data }) => `${joined(text)}${joined(data?.["text/plain"])}`).join("\n");
}
