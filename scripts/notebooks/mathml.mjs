import { createRequire } from "node:module";
import { inVariant } from "./math-letters.mjs";

// Packages are loaded when they are used: a fresh clone reads this file before it has any.
const require = createRequire(import.meta.url);

const FUNCTION_APPLICATION = "\u2061"; // KaTeX writes it after each name of a function.
const COMBINING_ARROW = "\u20d7";
const WITH_SCRIPTS = ["msub", "msup", "msubsup", "munder", "mover", "munderover"];

/**
 * A formula as MathML, in the part of it that browsers draw (MathML Core): what KaTeX leaves to other attributes, or
 * to the spaces of its own style sheet, is said in other ways.
 *
 * @param {string} tex The formula's TeX, without delimiters.
 * @param {boolean} display Whether it stands on a line of its own.
 * @returns {string} An element `math`.
 * @throws {Error} A ParseError of KaTeX, if the formula is none.
 */
export function mathml(tex, display) {
  const html = require("katex").renderToString(tex, {
    displayMode: display,
    output: "mathml",
    strict: "ignore",
  });
  const math = require("jsdom").JSDOM.fragment(html).querySelector("math");
  for (const element of math.querySelectorAll("mi[mathvariant], mn[mathvariant]")) {
    element.textContent = inVariant(element.textContent, element.getAttribute("mathvariant"));
  }
  for (const table of math.querySelectorAll("mtable")) alignColumns(table);
  for (const sign of math.querySelectorAll("mo")) {
    if (sign.textContent === FUNCTION_APPLICATION) spaceFunction(sign);
    if (sign.textContent === COMBINING_ARROW) sign.textContent = "→";
    if (sign.getAttribute("stretchy") === "false") closeUp(sign);
  }
  return math.outerHTML;
}

/**
 * The part of a MathML element that is used here.
 *
 * @typedef {object} MathElement
 * @property {string} localName
 * @property {string | null} textContent
 * @property {MathElement[]} children
 * @property {MathElement | null} parentElement
 * @property {MathElement | null} previousElementSibling
 * @property {MathElement | null} nextElementSibling
 * @property {(name: string) => string | null} getAttribute
 * @property {(name: string, value: string) => void} setAttribute
 * @property {(position: "beforebegin" | "afterend", html: string) => void} insertAdjacentHTML
 */

/**
 * Says in the style of a table's cells what KaTeX says in attributes of the table.
 *
 * @param {MathElement} table
 */
function alignColumns(table) {
  const alignments = listOf(table, "columnalign");
  const gaps = listOf(table, "columnspacing");
  const isJoined = (/** @type {number} */ gap) => gaps[gap]?.startsWith("0em") ?? false;
  for (const row of table.children) {
    for (const [i, cell] of [...row.children].entries()) {
      const align = alignments[i] || "center";
      const styles = [`text-align:${align}`, `text-align:-webkit-${align}`, `text-align:-moz-${align}`];
      if (isJoined(i - 1)) styles.push("padding-left:0");
      if (isJoined(i)) styles.push("padding-right:0");
      cell.setAttribute("style", styles.join(";"));
    }
  }
}

/**
 * @param {MathElement} element
 * @param {string} attribute
 */
const listOf = (element, attribute) => (element.getAttribute(attribute) ?? "").split(" ");

/**
 * Puts TeX's thin spaces between the name of a function, such as log, and what it stands between, but for signs, which
 * have spaces of their own.
 *
 * @param {MathElement} applied The sign of function application after the name.
 */
function spaceFunction(applied) {
  const row = applied.parentElement;
  const whole = row?.parentElement;
  const hasScripts = whole && row === whole.children[0] && WITH_SCRIPTS.includes(whole.localName);
  const first = hasScripts ? whole : applied.previousElementSibling;
  const last = hasScripts ? whole : applied;
  const before = first?.previousElementSibling;
  if (before && (isOrdinary(before) || /^[)\]}]$/.test(before.textContent ?? "")))
    space(first, "beforebegin");
  const after = last.nextElementSibling;
  if (after && isOrdinary(after)) space(last, "afterend");
}

/** @param {MathElement} element */
const isOrdinary = ({ localName }) => !["mo", "mspace", "mtext"].includes(localName);

/**
 * @param {MathElement} element
 * @param {"beforebegin" | "afterend"} position
 */
const space = (element, position) =>
  element.insertAdjacentHTML(position, '<mspace width="0.1667em"></mspace>');

/**
 * Takes the spaces of a relation from an opening or closing sign, which browsers think ∥ and ∣ are.
 *
 * @param {MathElement} sign
 */
function closeUp(sign) {
  sign.setAttribute("lspace", "0");
  sign.setAttribute("rspace", "0");
}
