import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { checkNode, findPython } from "./versions.mjs";

/** An environment whose PATH has only these programs, each answering the probe with the given version. */
function environment(programs) {
  const folder = mkdtempSync(join(tmpdir(), "pythons-"));
  for (const [name, { version, complete = true }] of Object.entries(programs)) {
    const answer = JSON.stringify({ path: `/real/${name}`, version, complete });
    writeFileSync(join(folder, name), `#!/bin/sh\necho '${answer}'\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return { PATH: folder };
}

const unix = { skip: process.platform === "win32" };

test("a Node that is too old is refused with what is needed", () => {
  assert.throws(() => checkNode("18.20.4"), /Node 20\.10 or later is needed; this is 18\.20\.4/);
  assert.throws(() => checkNode("20.9.0"), /this is 20\.9\.0/);
  checkNode("20.10.0");
  checkNode("26.1.0");
});

test("a Python that is too old is passed over for the next name", unix, () => {
  const env = environment({ python3: { version: [3, 9, 18] }, python: { version: [3, 10, 0] } });
  assert.equal(findPython(env), "/real/python");
});

test("WEIGHTSPACE_PYTHON is the only Python looked at", unix, () => {
  const env = environment({ python3: { version: [3, 12, 0] }, mine: { version: [3, 13, 1] } });
  assert.equal(findPython({ ...env, WEIGHTSPACE_PYTHON: join(env.PATH, "mine") }), "/real/mine");
  assert.throws(() => findPython({ ...env, WEIGHTSPACE_PYTHON: "/nowhere" }), /\/nowhere: not found/);
});

test("without a fit Python the error lists what was found and what to install", unix, () => {
  const env = environment({
    python3: { version: [3, 11, 2], complete: false },
    python: { version: [2, 7, 18] },
  });
  assert.throws(() => findPython(env), {
    message: new RegExp(
      "python3: 3\\.11\\.2, without ensurepip \\(Debian, Ubuntu: sudo apt install python3\\.11-venv\\)\\n" +
        " *python: 2\\.7\\.18, too old\\n *py: not found[^]*apt install python3 python3-venv",
    ),
  });
});
