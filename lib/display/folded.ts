import type { Displayable } from "./display";
import { jupyterDisplay } from "./host";
import { escapeHtml } from "./html";
import { printable } from "./printable";

/** A line and what it hides. */
export interface FoldedPart {
  /** The line that is always visible. */
  summary: string;
  /** The collapsed lines. */
  lines: string[];
}

/**
 * Makes a display of text that is collapsed below a summary until the reader opens it; as plain text it is complete.
 *
 * @param summary The line that is always visible.
 * @param lines The collapsed lines.
 */
export function folded(summary: string, lines: string[]): Displayable {
  return foldedParts([{ summary, lines }]);
}

/** Makes one display of several texts, each collapsed below its own summary. */
export function foldedParts(parts: readonly FoldedPart[]): Displayable {
  const texts = parts.map(({ summary, lines }) => [printable(summary), printable(lines.join("\n"))] as const);
  return {
    [jupyterDisplay]: () => ({
      "text/html": texts
        .map(
          ([title, text]) =>
            `<details><summary>${escapeHtml(title)}</summary><pre>${escapeHtml(text)}</pre></details>`,
        )
        .join("\n"),
      "text/plain": texts.map(([title, text]) => `${title}\n${text}`).join("\n\n"),
    }),
  };
}
