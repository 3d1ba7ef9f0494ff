import type { Displayable } from "./display";
import { jupyterDisplay } from "./host";
import { escapeHtml } from "./html";
import { printable } from "./printable";

/**
 * Makes a display of text that is collapsed below a summary until the reader opens it; as plain text it is complete.
 *
 * @param summary The line that is always visible.
 * @param lines The collapsed lines.
 */
export function folded(summary: string, lines: string[]): Displayable {
  const [title, text] = [printable(summary), printable(lines.join("\n"))];
  return {
    [jupyterDisplay]: () => ({
      "text/html": `<details><summary>${escapeHtml(title)}</summary><pre>${escapeHtml(text)}</pre></details>`,
      "text/plain": `${title}\n${text}`,
    }),
  };
}
