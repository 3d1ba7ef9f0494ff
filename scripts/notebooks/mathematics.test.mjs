import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { before, test } from "node:test";
import { withMathematics } from "./mathematics.mjs";
import { notebookNames, notebooksFolder } from "./select.mjs";
import { code, markdown, pageOf } from "./testing/page.mjs";

const formulas = [
  "a < b > c",
  "x_1 * y_2 * z_3",
  "f(x) = \\text{costs \\$5 \\& more}",
  "\\begin{aligned} W &= U S V^\\top \\\\ y &< W x \\end{aligned}",
  "\\begin{cases} 1 & x > 0 \\\\ 0 & \\text{otherwise} \\end{cases}",
];
const environment = "\\begin{align*}\na &= b \\\\\nc &= d\n\\end{align*}";
const source = "const both = `$a$ and $" + "{b}$`; // $$x$$";

/** The Markdown cells of the committed notebooks. */
const committed = notebookNames().flatMap((name) => {
  /** @type {{ cells: { cell_type: string, source: string[] }[] }} */
  const notebook = JSON.parse(readFileSync(join(notebooksFolder, `${name}.ipynb`), "utf8"));
  return notebook.cells.filter((cell) => cell.cell_type === "markdown");
});

// One notebook for all tests, since Python takes seconds to load what makes a page.
const cells = {
  inline: markdown(formulas.map((tex) => `Inline $${tex}$ ends.`).join("\n\n")),
  display: markdown(formulas.map((tex) => `$$${tex}$$`).join("\n\n")),
  environment: markdown(`Before.\n\n${environment}\n\nAfter.`),
  heading: markdown("## The size of $W^*$"),
  code: code(source, { "text/plain": "$x$ and $y$" }, { "text/html": "<p>$html$</p>" }),
  codeInMarkdown: markdown("The code `$a$` and `$$b$$`.\n\n```\nlet $x = $y;\n$$z$$\n```"),
  escaped: markdown("It costs \\$5, or \\$6 in all."),
  alone: markdown("It costs $7."),
  aligned: markdown("$$\\begin{aligned} a &= b & c &= d \\end{aligned}$$"),
  displays: code("1", { "text/markdown": "so $a < b$" }, { "text/latex": "$$x^2$$" }),
  ...Object.fromEntries(committed.map((cell, i) => [`committed${i}`, markdown(cell.source)])),
};

/** @type {ReturnType<typeof pageOf>} */
let page;
before(() => {
  page = pageOf(Object.values(cells));
});

/**
 * The cell of the page with a name.
 *
 * @param {string} name
 */
const cell = (name) => page.document.querySelectorAll(".jp-Cell")[Object.keys(cells).indexOf(name)];

/**
 * The TeX of the formulas in an element: Temml keeps it as an annotation.
 *
 * @param {any} element
 * @returns {string[]}
 */
const texOf = (element) =>
  Array.from(element.querySelectorAll("annotation"), ({ textContent }) => textContent);

test("formulas with the signs of HTML and of Markdown are drawn as they are written", () => {
  assert.deepEqual(texOf(cell("inline")), formulas);
  assert.deepEqual(texOf(cell("display")), formulas);
  assert.equal(cell("inline").querySelectorAll("math[display]").length, 0);
  assert.equal(cell("display").querySelectorAll("math[display=block]").length, formulas.length);
});

test("an environment is a formula of its own", () => {
  assert.deepEqual(texOf(cell("environment")), [environment]);
  assert.equal(cell("environment").querySelectorAll("mtr").length, 2);
});

test("a heading with a formula keeps its anchor", () => {
  assert.deepEqual(texOf(cell("heading")), ["W^*"]);
  assert.equal(cell("heading").querySelector("h2").id, "The-size-of-W%5E*");
});

for (const [name, ...texts] of [
  ["code", source, "$x$ and $y$", "$html$"],
  ["codeInMarkdown", "The code $a$ and $$b$$.", "let $x = $y;\n$$z$$"],
  ["escaped", "It costs $5, or $6 in all."],
  ["alone", "It costs $7."],
]) {
  test(`dollars are no formulas where they are ${name}`, () => {
    assert.deepEqual(texOf(cell(name)), []);
    for (const text of texts) assert.ok(cell(name).textContent.includes(text), text);
  });
}

test("formulas in Markdown and LaTeX that a cell displays are drawn", () => {
  assert.deepEqual(texOf(cell("displays")), ["a < b", "x^2"]);
});

test("aligned columns are right- and left-aligned, and touch but for pairs of them", () => {
  const columns = [...cell("aligned").querySelectorAll("mtd")];
  assert.deepEqual(
    columns.map((column) => column.className),
    ["tml-right", "tml-left", "tml-right", "tml-left"],
  );
  const styles = columns.map((column) => column.getAttribute("style"));
  const gaps = styles.map((style) => ["left", "right"].map((side) => gapAt(side, style)));
  assert.deepEqual(gaps.flat(), [0, 0, 0, 0, 1, 0, 0, 0]);
});

/**
 * A column's padding at a side, in em.
 *
 * @param {string} side
 * @param {string} style
 */
const gapAt = (side, style) => Number(new RegExp(`padding-${side}: ?([\\d.]+)em`).exec(style)?.[1]);

test("every class of the committed notebooks' formulas has a rule in the page's style", () => {
  const styles = [...page.document.querySelectorAll("style")].map((style) => style.textContent).join("\n");
  const elements = committed.flatMap((_, i) => [...cell(`committed${i}`).querySelectorAll("math [class]")]);
  const classes = new Set(elements.flatMap((element) => [...element.classList]));
  assert.ok(classes.size > 0);
  for (const name of classes) assert.match(styles, new RegExp(`\\.${name}\\b`));
});

test("every formula of the committed notebooks is drawn, and none is overlooked", () => {
  assert.deepEqual(page.faults, []);
  const drawn = committed.map((_, i) => cell(`committed${i}`).cloneNode(true));
  assert.ok(drawn.flatMap(texOf).length > 100);
  for (const element of drawn) {
    for (const hidden of element.querySelectorAll("annotation, code, pre")) hidden.remove();
    assert.doesNotMatch(element.textContent, /\$|\\[a-z]/i);
  }
});

test("a formula that Temml cannot parse is shown as its source, with a warning, beside those that it can", () => {
  const { page, faults } = withMathematics(
    '<p><tex-math>\\frac{a&lt;b</tex-math>, <tex-math>c</tex-math>, <tex-math display="block">\\no</tex-math></p>',
  );
  assert.match(
    page,
    /^<p><code>\$\\frac\{a&lt;b\$<\/code>, <math.*<\/math>, <code>\$\$\\no\$\$<\/code><\/p>$/s,
  );
  assert.equal(faults.length, 2);
  assert.match(faults[1] ?? "", /shown as its source: .* \\no at position 1/);
});

/**
 * The element `math` of a formula.
 *
 * @param {string} tex
 */
function mathOf(tex) {
  const { JSDOM } = createRequire(import.meta.url)("jsdom");
  const math = JSDOM.fragment(withMathematics(`<tex-math>${tex}</tex-math>`).page).querySelector("math");
  math.querySelector("annotation").remove();
  return math;
}

// Browsers know no attribute for these letters. The numbers are Unicode's, of the Mathematical Alphanumeric Symbols and,
// where these leave gaps, of the Letterlike Symbols.
for (const [tex, ...codes] of /** @type {[string, ...number[]][]} */ ([
  ["\\mathbb{R}\\mathbb{A}", 0x211d, 0x1d538],
  ["\\mathcal{D}\\mathcal{L}", 0x1d49f, 0x2112],
  ["\\mathbf{x}\\mathbf{9}\\boldsymbol{\\theta}", 0x1d431, 0x1d7d7, 0x1d73d],
])) {
  test(`the letters of ${tex} are Unicode's`, () => {
    assert.equal(mathOf(tex).textContent, String.fromCodePoint(...codes));
  });
}

// Appendix G of the TeXbook: a thin space between an operator and an ordinary atom, none before an opening one.
for (const [tex, row] of [
  ["D\\log d", "D␣log␣d"],
  ["\\log_2 m", "log2␣m"],
  ["2\\operatorname{tr}(A)", "2␣tr(A)"],
]) {
  test(`${tex} has TeX's thin spaces`, () => {
    const math = mathOf(tex);
    for (const space of math.querySelectorAll("mspace")) space.textContent = "␣";
    assert.equal(math.textContent.replaceAll("\u2061", ""), row);
  });
}

// MathML Core's operator dictionary: these signs have no spaces as prefix and postfix, but those of a relation otherwise.
test("the signs of a norm open and close it", () => {
  const forms = Array.from(mathOf("\\lVert x \\rVert").querySelectorAll("mo"), (sign) =>
    sign.getAttribute("form"),
  );
  assert.deepEqual(forms, ["prefix", "postfix"]);
});
