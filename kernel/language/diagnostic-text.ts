import type { DiagnosticMessageChain } from "@tslab/typescript-for-tslab";

/**
 * The text of a compiler's message, with the innermost cause first and each line once.
 *
 * The compiler gives a chain from the outside in: that an argument does not fit, since a property does not, since its
 * type does not. What one has to change is commonly in the last link, so the lines go from the inside out. Of several
 * causes, such as one for each overload, each has its lines.
 */
export function diagnosticText(message: string | DiagnosticMessageChain): string {
  const lines = typeof message === "string" ? [message] : linesOf(message);
  return [...new Set(lines)].join("\n  ");
}

function linesOf({ messageText, next = [] }: DiagnosticMessageChain): string[] {
  return [...next.flatMap(linesOf), messageText];
}
