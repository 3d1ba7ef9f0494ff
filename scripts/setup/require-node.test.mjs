import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "./paths.mjs";
import { nodeFault } from "./require-node.cjs";

test("a Node that is too old is refused with what is needed", () => {
  assert.match(nodeFault("18.20.4") ?? "", /^Node 20\.10 or later is needed; this is 18\.20\.4\. Install/);
  assert.match(nodeFault("20.9.0") ?? "", /this is 20\.9\.0/);
  assert.equal(nodeFault("20.10.0"), undefined);
  assert.equal(nodeFault("26.1.0"), undefined);
});

test("every command checks the version of Node before its own code is read", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  for (const name of ["start", "test", "lab", "setup", "data", "bench"]) {
    assert.match(scripts[name], /^node --require \.\/scripts\/setup\/require-node\.cjs scripts\//);
  }
});
