import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { python } from "./testing/python";

test("all twelve of jupyter_kernel_test pass", () => {
  assert.ok(existsSync(python), `${python} is missing: run npm test, which sets it up`);
  const { stderr } = spawnSync(python, ["-m", "unittest", "conformance"], {
    cwd: join(__dirname, "testing"),
    encoding: "utf8",
    env: { ...process.env, JUPYTER_PREFER_ENV_PATH: "1" },
  });
  assert.match(stderr, /Ran 12 tests in [\d.]+s\s+OK\s*$/, stderr);
});
