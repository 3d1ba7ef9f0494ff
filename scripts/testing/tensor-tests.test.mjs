import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { tensorTests } from "./tensor-tests.mjs";

/**
 * Makes a project of files, and says which of its tests load tensors.
 *
 * @param {Record<string, string>} files The texts by the files' paths.
 */
function found(files) {
  const root = mkdtempSync(join(tmpdir(), "tensors-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  const tests = Object.keys(files).filter((name) => name.includes(".test."));
  return tensorTests(
    root,
    tests.map((name) => join(name)),
  );
}

const modules = {
  "lib/backend/backend.ts": "export const backend = 1;",
  "lib/models/net.ts": 'import "./cycle";\nimport {\n  backend,\n} from "../backend/backend";',
  "lib/models/cycle.ts": 'import { net } from "./net";',
  "lib/models/index.ts": 'export * from "./net";',
  "lib/data/plain.ts": 'import type { Net } from "../models/net";\nimport { join } from "node:path";',
};

test("tests that load tensors are found, whatever the way in which they import them", () => {
  const tests = {
    "lib/models/direct.test.ts": 'import { net } from "./net";',
    "lib/models/cyclic.test.ts": 'import "./cycle";',
    "lib/models/folder.test.ts": 'import { net } from ".";',
    "lib/models/required.test.ts": 'const net = require("./net");',
    "lib/models/mixed.test.mjs": 'export { other, type Net } from "./net";',
  };
  assert.deepEqual(
    found({ ...modules, ...tests }),
    Object.keys(tests).map((name) => join(name)),
  );
});

test("tests that load none, or only types of what does, are left out", () => {
  const tests = {
    "lib/data/plain.test.ts": 'import { plain } from "./plain";\nimport values from "./values.json";',
    "lib/data/types.test.ts": 'import type { Net } from "../models/net";',
    "lib/data/text.test.ts": 'const text = "../models/net";',
  };
  assert.deepEqual(found({ ...modules, ...tests }), []);
});

test("tests of the WebAssembly kernels, which choose the backend themselves, are left out", () => {
  const tests = { "lib/backend/wasm/sum.test.ts": 'import { backend } from "../backend";' };
  assert.deepEqual(found({ ...modules, ...tests }), []);
});
