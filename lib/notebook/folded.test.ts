import assert from "node:assert/strict";
import { test } from "node:test";
import { folded } from "./folded";
import { jupyterDisplay } from "./host";

test("folded lines are hidden below their summary in HTML, whole in text, and never markup", async () => {
  const bundle = await folded("a < b", ["1 <i> & 2", "3"])[jupyterDisplay]();
  assert.deepEqual(bundle, {
    "text/html": "<details><summary>a &lt; b</summary><pre>1 &lt;i&gt; &amp; 2\n3</pre></details>",
    "text/plain": "a < b\n1 <i> & 2\n3",
  });
});
