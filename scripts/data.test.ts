import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

const data = (...names: string[]) =>
  spawnSync(process.execPath, ["--import", "tsx", join(__dirname, "data.ts"), ...names], {
    encoding: "utf8",
  });

test("the data script succeeds when the data set named is there and right, and says where it lies", () => {
  const { status, stdout } = data("mnist");
  assert.equal(status, 0);
  assert.match(stdout, /^mnist: .*mnist$/m);
});

test("the data script fails on a name that data/manifest.json does not have, and lists those it has", () => {
  const { status, stderr } = data("mnits");
  assert.equal(status, 1);
  assert.match(stderr, /no data set "mnits"; .* has mnist/);
});
