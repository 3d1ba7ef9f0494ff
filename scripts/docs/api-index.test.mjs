import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../setup/paths.mjs";
import { apiPage, exportedNames, firstSentence } from "./api-index.mjs";

test("every exported name of lib has a docstring, and docs/api.md lists them all", async () => {
  const exported = await exportedNames();
  const undocumented = exported.filter(({ sentence }) => !/[.!?]$/.test(sentence)).map(({ name }) => name);
  assert.deepEqual(undocumented, [], "begin the docstrings of these with a sentence");
  const page = readFileSync(join(root, "docs", "api.md"), "utf8");
  assert.ok(page === apiPage(exported), "docs/api.md is out of date: npm run docs");
});

test("functions, classes, types and constants are listed by file and name, wherever they are exported again", async () => {
  const folder = mkdtempSync(join(tmpdir(), "api-"));
  const files = {
    "tsconfig.json": '{ "compilerOptions": { "types": [] }, "include": ["."] }',
    "index.ts":
      'export { two, type Shape } from "./deep";\n/** One. */\nexport class One {}\nexport const bare = 1;',
    "deep.ts":
      "/**\n * Doubles a number, as in\n * {@link Shape}. Then more.\n *\n * @param n A number.\n */\n" +
      "export const two = (n: number) => 2 * n;\n/** A shape. */\nexport type Shape = number[];",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const names = await exportedNames(join(folder, "index.ts"), join(folder, "tsconfig.json"), folder);
  assert.deepEqual(names, [
    { name: "Shape", kind: "type", file: "deep.ts", sentence: "A shape." },
    { name: "two", kind: "function", file: "deep.ts", sentence: "Doubles a number, as in `Shape`." },
    { name: "One", kind: "class", file: "index.ts", sentence: "One." },
    { name: "bare", kind: "constant", file: "index.ts", sentence: "" },
  ]);
});

test("the page has a section for each folder", () => {
  const exported = [
    { name: "one", kind: "function", file: "lib/a/b/c.ts", sentence: "One." },
    { name: "two", kind: "type", file: "lib/d/e.ts", sentence: "Two." },
  ];
  const [, ...sections] = apiPage(exported).split("## ");
  assert.deepEqual(sections, [
    "lib/a\n\n- [`one`](../lib/a/b/c.ts) (function): One.\n\n",
    "lib/d\n\n- [`two`](../lib/d/e.ts) (type): Two.\n",
  ]);
});

test("a sentence ends at a full stop before another sentence, not within numbers, names and abbreviations", () => {
  assert.equal(firstSentence("The rank of\na matrix."), "The rank of a matrix.");
  assert.equal(firstSentence("As `a.b` in 2.21. The rest."), "As `a.b` in 2.21.");
  assert.equal(
    firstSentence("He et al. 2015 and Li et al. (2018), e.g. Here. Then"),
    "He et al. 2015 and Li et al. (2018), e.g. Here.",
  );
  assert.equal(firstSentence("One paragraph\n\nAnd another."), "One paragraph");
  assert.equal(firstSentence(""), "");
});
