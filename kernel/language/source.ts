import { type ts, typescript } from "./typescript";

/** Returns the name in the directive of a cell that is a module: `@module name` in a doc comment before all code. */
export function moduleNameOf(source: string): string | undefined {
  const comments = typescript.ts.getLeadingCommentRanges(source, 0) ?? [];
  for (const { pos, end } of comments) {
    const name = /^\/\*\*[\s\S]*?@module\s+(\w+)\s*(?:$|[\s*@])/.exec(source.slice(pos, end))?.[1];
    if (name) return name;
  }
  return undefined;
}

/**
 * Prepares a cell for tslab's converter without moving any position: a first line `#!` becomes a comment, and exports
 * become plain declarations, since a cell is never imported.
 */
export function withoutExports(source: string): string {
  const code = source.replace(/^#!/, "//");
  if (!/\bexport\b/.test(code)) return code;
  const { ts } = typescript;
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest);
  const edits = file.statements.flatMap((statement) => editsOf(statement, file));
  let text = "";
  let done = 0;
  for (const { start, end, replacement } of edits) {
    text += code.slice(done, start) + replacement;
    done = end;
  }
  return text + code.slice(done);
}

interface Edit {
  start: number;
  end: number;
  replacement: string;
}

function editsOf(statement: ts.Statement, file: ts.SourceFile): Edit[] {
  const { ts } = typescript;
  const blank = (start: number, end: number) => ({
    start,
    end,
    replacement: file.text.slice(start, end).replace(/[^\n]/g, " "),
  });
  const start = statement.getStart(file);
  if (ts.isExportDeclaration(statement)) return [reexport(statement, file) ?? blank(start, statement.end)];
  if (ts.isExportAssignment(statement)) return value(statement, file);
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  const isExport = ({ kind }: ts.Modifier) =>
    kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword;
  const exports = modifiers.filter(isExport);
  if (exports.length === 0) return [];
  const isAnonymous =
    (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && !statement.name;
  if (!isAnonymous) return exports.map((modifier) => blank(modifier.getStart(file), modifier.end));
  return expression(start, exports.at(-1)!.end, statement.end, file);
}

/** `export { x } from "y"` declares no name here, but the module is loaded. */
function reexport(statement: ts.ExportDeclaration, file: ts.SourceFile): Edit | undefined {
  const { moduleSpecifier, isTypeOnly } = statement;
  if (!moduleSpecifier || isTypeOnly) return undefined;
  const start = statement.getStart(file);
  const end = moduleSpecifier.getStart(file);
  const blank = file.text.slice(start + "import".length, end).replace(/[^\n]/g, " ");
  return { start, end, replacement: `import${blank}` };
}

/** `export default 5` and `export = 5` become the value alone. */
function value(statement: ts.ExportAssignment, file: ts.SourceFile): Edit[] {
  const { expression: exported } = statement;
  return expression(statement.getStart(file), exported.getStart(file), exported.end, file);
}

/**
 * Brackets turn what could be read as a block or a declaration into an expression. A semicolon prevents them from
 * calling the expression before them, if its line does not end with one.
 */
function expression(start: number, from: number, end: number, file: ts.SourceFile): Edit[] {
  const blank = file.text.slice(start, from).replace(/[^\n]/g, " ");
  return [
    { start, end: from, replacement: `${blank.slice(0, -2)};(` },
    { start: end, end, replacement: ")" },
  ];
}
