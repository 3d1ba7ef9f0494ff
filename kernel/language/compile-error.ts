import { excerpt, red, shorten } from "../link/error-text";
import type { ErrorContent } from "../link/messages";
import type { Diagnostic } from "./diagnostic";

/**
 * Describes compiler errors by their positions in the cell or in the library's files.
 *
 * @param name The name of the cell in tracebacks.
 */
export function describeCompileError(diagnostics: Diagnostic[], name: string, source: string): ErrorContent {
  const ename = "CompileError";
  const traceback = diagnostics.flatMap(({ file, line, column, message }) => {
    const place = `${file ? shorten(file) : name}:${line}:${column}`;
    return [`${red(ename)}: ${place} - ${message}`, ...(file ? [] : excerpt(source, { line, column }))];
  });
  return { ename, evalue: diagnostics[0]?.message ?? "", traceback };
}
