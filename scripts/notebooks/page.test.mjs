import assert from "node:assert/strict";
import { before, test } from "node:test";
import { code, markdown, pageOf } from "./testing/page.mjs";

const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const alternative = 'a "quoted" <b>loss</b>\n  training: 3 points & more';

const cells = [
  markdown("Before.\n\n# 07 · Ranks & *norms* < 1\n\n$x$\n\n```mermaid\ngraph TD; A --> B\n```"),
  markdown("# Another\n\n[a link](https://example.org)\n\n| a |\n|---|\n| 1 |"),
  code(
    "1",
    { "image/png": pixel, "text/plain": alternative },
    { "image/png": pixel },
    { "text/html": "<table></table>" },
  ),
  markdown("![a pixel](pixel.png)"),
];

/** @type {any} */
let document;
before(() => {
  ({ document } = pageOf(cells, {
    metadata: { widgets: { "application/vnd.jupyter.widget-state+json": { state: {} } } },
    files: { "pixel.png": Buffer.from(pixel, "base64") },
  }));
});

test("a page has its notebook's heading as title, a language, and the width of the reader's screen", () => {
  assert.equal(document.title, "07 · Ranks & *norms* < 1");
  assert.equal(document.documentElement.lang, "en");
  assert.match(document.querySelector("meta[name=viewport]").content, /width=device-width/);
});

test("the title of a page without a heading of the first level is the notebook's name", () => {
  assert.equal(pageOf([markdown("## A section")]).document.title, "notebook");
});

test("a page loads nothing from elsewhere, whatever the notebook has", () => {
  const loading = [...document.querySelectorAll("[src], [srcset], link")].map(({ src }) => src);
  assert.deepEqual(
    loading.map((src) => /^data:/.exec(src)?.[0]),
    ["data:", "data:", "data:"],
  );
  const scripts = [...document.querySelectorAll("script")].map((script) => script.type);
  assert.deepEqual(scripts, ["application/vnd.jupyter.widget-state+json"]);
  const styles = [...document.querySelectorAll("style")].map((style) => style.textContent).join("\n");
  assert.doesNotMatch(styles, /@import|url\((?!['"]?data:|%23)/); // %23 is a # within a picture of the style.
});

test("the browser is told to load nothing but what is in the page", () => {
  const { content } = document.querySelector("meta[http-equiv=Content-Security-Policy]");
  assert.match(content, /default-src 'none'.*font-src data:/);
  assert.doesNotMatch(content, /https?:|\*/);
});

test("a picture beside the notebook that a Markdown cell shows is a part of the page", () => {
  const { src, alt } = document.querySelectorAll("img")[2];
  assert.deepEqual([src, alt], [`data:image/png;base64,${pixel}`, "a pixel"]);
});

test("a picture that a cell displays has the text of its output as alternative text, whatever characters it holds", () => {
  const [described, bare] = document.querySelectorAll("img");
  assert.equal(described.alt, alternative);
  assert.equal(bare.alt, "No description has been provided for this image");
});

test("each table has a box in which it can scroll", () => {
  const boxes = [...document.querySelectorAll("table")].map((table) => table.parentElement.className);
  assert.equal(boxes.length, 2);
  assert.match(boxes[0], /page-wide/);
  assert.match(boxes[1], /jp-OutputArea-output/);
});

test("the colours of JupyterLab's dark theme hold on the screen of a reader who prefers dark pages", () => {
  const dark = document.querySelector("style[media]");
  assert.equal(dark.media, "screen and (prefers-color-scheme: dark)");
  assert.match(dark.textContent, /--jp-layout-color0: #111;/);
  const light = [...document.querySelectorAll("style:not([media])")].find((style) =>
    /--jp-layout-color0: white;/.test(style.textContent),
  );
  const { DOCUMENT_POSITION_FOLLOWING: following } = document;
  assert.ok(light.compareDocumentPosition(dark) & following, "the dark theme comes after the light one");
});
