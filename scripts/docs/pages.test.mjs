import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { root } from "../setup/paths.mjs";

const pages = [
  ...["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "data/README.md", "scripts/fixtures/README.md"],
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/** @param {string} page */
const read = (page) => readFileSync(join(root, page), "utf8");

/**
 * The anchors of a page's headings, as GitHub makes them.
 *
 * @param {string} text
 */
const anchorsOf = (text) =>
  Array.from(text.matchAll(/^#+ (.*)$/gm), ([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} -]/gu, "")
      .replaceAll(" ", "-"),
  );

test("the README has at most 900 words", () => {
  const words = read("README.md")
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  assert.ok(words.length <= 900, `it has ${words.length}`);
});

test("each link of the documentation leads to a file of the project and to a heading of it", () => {
  const broken = pages.flatMap((page) =>
    Array.from(read(page).matchAll(/\]\(([^)\s]+)\)/g), ([, link = ""]) => link)
      .filter((link) => !/^https?:/.test(link))
      .filter((link) => {
        const [path = "", anchor] = link.split("#");
        const target = path === "" ? page : join(dirname(page), path);
        if (!existsSync(join(root, target))) return true;
        return anchor !== undefined && !anchorsOf(read(target)).includes(anchor);
      })
      .map((link) => `${page}: ${link}`),
  );
  assert.deepEqual(broken, []);
});

test("the README leads to every page of docs", () => {
  const text = read("README.md");
  const unlinked = pages.filter((page) => page.startsWith("docs/") && !text.includes(`](${page})`));
  assert.deepEqual(unlinked, []);
});
