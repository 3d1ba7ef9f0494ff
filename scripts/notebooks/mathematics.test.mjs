import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
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
 * The TeX of the formulas in an element: KaTeX keeps it as an annotation.
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

test("every formula of the committed notebooks is drawn, and none is overlooked", () => {
  assert.deepEqual(page.faults, []);
  const drawn = committed.map((_, i) => cell(`committed${i}`).cloneNode(true));
  assert.ok(drawn.flatMap(texOf).length > 100);
  for (const element of drawn) {
    for (const hidden of element.querySelectorAll("annotation, code, pre")) hidden.remove();
    assert.doesNotMatch(element.textContent, /\$|\\[a-z]/i);
  }
});

test("a formula that KaTeX cannot parse is shown as its source, with a warning, beside those that it can", () => {
  const { page, faults } = withMathematics(
    '<p><tex-math>\\frac{a&lt;b</tex-math>, <tex-math>c</tex-math>, <tex-math display="block">\\no</tex-math></p>',
  );
  assert.match(
    page,
    /^<p><code>\$\\frac\{a&lt;b\$<\/code>, <math.*<\/math>, <code>\$\$\\no\$\$<\/code><\/p>$/s,
  );
  assert.equal(faults.length, 2);
  assert.match(faults[1] ?? "", /shown as its source: .*Undefined control sequence: \\no/);
});
