import { questionOf } from "./question";
import { type ts, typescript } from "./typescript";

export type Completeness =
  | { status: "complete" }
  | { status: "invalid" }
  | { status: "incomplete"; indent: string };

/** A quoted string cannot continue on the next line. */
const UNTERMINATED_STRING = 1002;

/**
 * Decides whether a console should run the code or wait for more of it, as Jupyter's `is_complete_request` asks. Code
 * is incomplete if its only error is that it ends. A question such as `name?` is complete.
 */
export function completenessOf(code: string): Completeness {
  const file = typescript.ts.createSourceFile("cell.ts", code, typescript.ts.ScriptTarget.Latest);
  const { parseDiagnostics: faults } = file as unknown as { parseDiagnostics: ts.DiagnosticWithLocation[] };
  if (faults.length === 0 || questionOf(code)) return { status: "complete" };
  const onlyEnds = faults.every((fault) => fault.start >= code.length && fault.code !== UNTERMINATED_STRING);
  return onlyEnds ? { status: "incomplete", indent: indentAfter(code) } : { status: "invalid" };
}

/** The indentation of the last line, plus two spaces if that line opens a bracket that it does not close. */
function indentAfter(code: string): string {
  const line = code.trimEnd().split("\n").at(-1) ?? "";
  const indent = /^\s*/.exec(line)![0];
  return /[([{][^)\]}]*$/.test(line) ? `${indent}  ` : indent;
}
