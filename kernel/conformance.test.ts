import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { projectFolder } from "../lib/notebook/project";

const programs = process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"];
const python = join(projectFolder, ".venv", ...programs);

test("all twelve of jupyter_kernel_test pass", () => {
  assert.ok(existsSync(python), `${python} is missing: run npm test, which sets it up`);
  const { stderr } = spawnSync(python, ["-m", "unittest", "conformance"], {
    cwd: __dirname,
    encoding: "utf8",
    env: { ...process.env, JUPYTER_PREFER_ENV_PATH: "1" },
  });
  assert.match(stderr, /Ran 12 tests in [\d.]+s\s+OK\s*$/, stderr);
});
