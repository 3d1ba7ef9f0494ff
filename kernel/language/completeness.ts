import { type ts, typescript } from "./typescript";

export type Completeness =
  | { status: "complete" }
  | { status: "invalid" }
  | { status: "incomplete"; indent: string };

/** A string in quotes cannot go on in the next line. */
const unterminatedString = 1002;

/**
 * Whether a console should run the code or wait for more of it, as Jupyter's `is_complete_request` asks: code is
 * incomplete where all that is wrong with it is that it ends.
 */
export function completenessOf(code: string): Completeness {
  const file = typescript.ts.createSourceFile("cell.ts", code, typescript.ts.ScriptTarget.Latest);
  const { parseDiagnostics: faults } = file as unknown as { parseDiagnostics: ts.DiagnosticWithLocation[] };
  if (faults.length === 0) return { status: "complete" };
  const onlyEnds = faults.every((fault) => fault.start >= code.length && fault.code !== unterminatedString);
  if (!onlyEnds) return { status: "invalid" };
  const { isCompleteCode } = require("tslab/dist/converter") as typeof import("tslab/dist/converter");
  return { status: "incomplete", indent: isCompleteCode(code).indent ?? "" };
}
