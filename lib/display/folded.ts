import type { Displayable } from "./display";
import { jupyterDisplay } from "./host";
import { escapeHtml } from "./html";
import { printable } from "./printable";

/** Lines of text that stay folded below a summary until a reader opens them; without HTML, all of them. */
export function folded(summary: string, lines: string[]): Displayable {
  const [title, text] = [printable(summary), printable(lines.join("\n"))];
  return {
    [jupyterDisplay]: () => ({
      "text/html": `<details><summary>${escapeHtml(title)}</summary><pre>${escapeHtml(text)}</pre></details>`,
      "text/plain": `${title}\n${text}`,
    }),
  };
}
