import assert from "node:assert/strict";
import { test } from "node:test";
import { folded, foldedParts } from "./folded";
import { jupyterDisplay } from "./host";

test("lines are collapsed below their summary in HTML, complete in text, and escaped", async () => {
  const bundle = await folded("a < b", ["1 <i> & 2", "3"])[jupyterDisplay]();
  assert.deepEqual(bundle, {
    "text/html": "<details><summary>a &lt; b</summary><pre>1 &lt;i&gt; &amp; 2\n3</pre></details>",
    "text/plain": "a < b\n1 <i> & 2\n3",
  });
});

test("replaces characters that would break HTML or a terminal", async () => {
  const bundle = await folded("\x1b[31m", ["\0", "\ud800"])[jupyterDisplay]();
  assert.deepEqual(bundle, {
    "text/html": "<details><summary>\uFFFD[31m</summary><pre>\uFFFD\n\uFFFD</pre></details>",
    "text/plain": "\uFFFD[31m\n\uFFFD\n\uFFFD",
  });
});

test("several texts are one display, each below its own line", async () => {
  const parts = [
    { summary: "a", lines: ["1"] },
    { summary: "b", lines: ["2", "3"] },
  ];
  assert.deepEqual(await foldedParts(parts)[jupyterDisplay](), {
    "text/html":
      "<details><summary>a</summary><pre>1</pre></details>\n<details><summary>b</summary><pre>2\n3</pre></details>",
    "text/plain": "a\n1\n\nb\n2\n3",
  });
});
