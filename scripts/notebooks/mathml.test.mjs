import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { mathml } from "./mathml.mjs";

/**
 * The elements of a formula that a selector finds.
 *
 * @param {string} tex
 * @param {string} selector
 * @returns {any[]}
 */
function find(tex, selector) {
  const { JSDOM } = createRequire(import.meta.url)("jsdom");
  return [...JSDOM.fragment(mathml(tex, false)).querySelectorAll(selector)];
}

/** @param {{ textContent: string }[]} elements */
const textOf = (elements) => elements.map(({ textContent }) => textContent).join("");

/**
 * The elements of a row as text: spaces as "␣".
 *
 * @param {string} tex
 */
const rowOf = (tex) =>
  find(tex, "semantics > mrow > *")
    .filter(({ textContent }) => textContent !== "\u2061")
    .map((element) => (element.localName === "mspace" ? "␣" : element.textContent.replaceAll("\u2061", "")))
    .join("");

// The numbers are Unicode's, of the Mathematical Alphanumeric Symbols and, where these leave gaps, of the Letterlike
// Symbols: ℝ, ℒ, ℭ.
for (const [tex, ...codes] of /** @type {[string, ...number[]][]} */ ([
  ["\\mathbb{R}\\mathbb{A}\\mathbb{Z}", 0x211d, 0x1d538, 0x2124],
  ["\\mathcal{D}\\mathcal{L}", 0x1d49f, 0x2112],
  ["\\mathfrak{C}\\mathfrak{a}", 0x212d, 0x1d51e],
  ["\\mathbf{x}\\mathbf{Z}\\mathbf{9}", 0x1d431, 0x1d419, 0x1d7d7],
  ["\\boldsymbol{\\theta}\\boldsymbol{\\omega}\\mathbf{\\Theta}", 0x1d73d, 0x1d74e, 0x1d6af],
  ["\\mathsf{B}\\mathsf{0}", 0x1d5a1, 0x1d7e2],
  ["\\mathtt{z}\\mathtt{1}", 0x1d6a3, 0x1d7f7],
])) {
  test(`the letters of ${tex} are Unicode's`, () => {
    assert.equal(textOf(find(tex, "mi, mn")), String.fromCodePoint(...codes));
  });
}

test("upright and ordinary letters, and those that an alphabet lacks, stay as they are", () => {
  assert.equal(textOf(find("\\mathrm{OnE} x \\theta \\mathbb{3}", "mi")), "OnExθ");
  assert.equal(find("\\mathrm{O}", "mi")[0].getAttribute("mathvariant"), "normal");
  assert.equal(textOf(find("\\mathcal{\\theta}", "mi")), "θ");
});

test("aligned columns are right- and left-aligned and touch, but for pairs of them", () => {
  const styles = find("\\begin{aligned} a &= b & c &= d \\end{aligned}", "mtd").map((cell) =>
    cell.getAttribute("style"),
  );
  const [a, b, c, d] = styles;
  assert.equal(styles.length, 4);
  for (const style of [a, c]) assert.match(style, /text-align:right;.*padding-right:0/);
  for (const style of [b, d]) assert.match(style, /text-align:left;.*padding-left:0/);
  assert.doesNotMatch(b, /padding-right/);
  assert.doesNotMatch(c, /padding-left/);
});

test("the columns of cases are left-aligned, those of matrices centred", () => {
  const alignments = (/** @type {string} */ environment) =>
    find(`\\begin{${environment}} 1 & 2 \\end{${environment}}`, "mtd").map(
      (cell) => /^text-align:(\w+)/.exec(cell.getAttribute("style"))?.[1],
    );
  assert.deepEqual(alignments("cases"), ["left", "left"]);
  assert.deepEqual(alignments("pmatrix"), ["center", "center"]);
});

// Appendix G of the TeXbook: a thin space between an operator and an ordinary or closing atom, none before an opening one.
for (const [tex, row] of [
  ["D\\log d", "D␣log␣d"],
  ["\\log_2 m", "log2␣m"],
  ["2\\operatorname{tr}(A)", "2␣tr(A)"],
  ["(a)\\sin b", "(a)␣sin␣b"],
  ["a+\\cos b", "a+cos␣b"],
  ["\\arg\\min_x f", "arg␣minx␣f"],
]) {
  test(`${tex} has TeX's thin spaces`, () => assert.equal(rowOf(tex), row));
}

test("norms close up with what they enclose", () => {
  const signs = find("\\lVert x \\rVert", "mo");
  assert.equal(signs.length, 2);
  for (const sign of signs)
    assert.deepEqual(
      ["lspace", "rspace"].map((name) => sign.getAttribute(name)),
      ["0", "0"],
    );
  assert.equal(find("a \\parallel b", "mo")[0].getAttribute("lspace"), null);
});

test("the arrow of a vector is a sign of its own, which browsers centre", () => {
  assert.equal(textOf(find("\\vec x", "mover > mo")), "→");
});

test("what is no formula is a ParseError", () => {
  assert.throws(() => mathml("\\frac{a", false), { name: "ParseError" });
});
