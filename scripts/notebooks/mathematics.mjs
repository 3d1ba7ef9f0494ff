import { createRequire } from "node:module";

// Packages are loaded when they are used: a fresh clone reads this file before it has any.
const require = createRequire(import.meta.url);
const FORMULAS = /<tex-math\b[^>]*>.*?<\/tex-math>/gs;

/**
 * A page whose formulas are MathML. One that Temml cannot parse is shown as its source.
 *
 * @param {string} page The HTML that page.py makes, with elements `tex-math` that hold TeX.
 * @returns {{ page: string, faults: string[] }} The page, and what is wrong with each formula that is shown as its
 *   source.
 */
export function withMathematics(page) {
  /** @type {string[]} */
  const faults = [];
  const drawn = page.replaceAll(FORMULAS, (element) => {
    const formula = require("jsdom").JSDOM.fragment(element).firstChild;
    const [tex, display] = [formula.textContent, formula.hasAttribute("display")];
    try {
      const math = require("temml").renderToString(tex, {
        displayMode: display,
        annotate: true,
        throwOnError: true,
      });
      return display ? `<span class="tex-block">${math}</span>` : math;
    } catch (error) {
      if (!(error instanceof Error && error.name === "ParseError")) throw error;
      faults.push(`a formula is shown as its source: ${error.message.trim().replaceAll(/\s+/g, " ")}`);
      const delimiter = display ? "$$" : "$";
      return `<code>${delimiter}${formula.innerHTML}${delimiter}</code>`;
    }
  });
  return { page: drawn, faults };
}
