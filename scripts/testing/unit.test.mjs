import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { countTap, findTests, skippedTests } from "./unit.mjs";

/**
 * What Node's test runner reports of a file, and the counts of that.
 *
 * @param {string} text The file's.
 */
function report(text) {
  const file = join(mkdtempSync(join(tmpdir(), "unit-")), "some.test.mjs");
  writeFileSync(file, `import { test } from "node:test"; import assert from "node:assert";\n${text}`);
  const args = ["--test", "--test-reporter=tap", file];
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: "utf8", env });
  return { tap: stdout, counts: countTap(stdout, status) };
}

test("passed, failed and skipped tests are counted", () => {
  const tests = `
    test("a", () => {}); test("b", () => {}); test("c", () => assert.equal(1, 2));
    test("d", { skip: "why" }, () => {});`;
  assert.deepEqual(report(tests).counts, { passed: 2, failed: 1, skipped: 1 });
});

test("skipped tests are listed by their reasons, those within a group too", () => {
  const tests = `
    import { describe } from "node:test";
    test("a", { skip: "too large" }, () => {}); test("runs", () => {}); test("b", { skip: true }, () => {});
    describe("group", () => { test("c", { skip: "too large" }, () => {}); });`;
  assert.deepEqual(skippedTests(report(tests).tap), ["too large:", "  a", "  c", "no reason given:", "  b"]);
});

test("a file that cannot be loaded is a failure", () => {
  assert.equal(report(`import "./nowhere.mjs";`).counts.failed, 1);
});

test("a run without a summary or without a test is a failure", () => {
  assert.deepEqual(countTap("", 0), { passed: 0, failed: 1, skipped: 0 });
  assert.deepEqual(countTap("# pass 3\n# fail 0\n", 1), { passed: 3, failed: 1, skipped: 0 });
});

test("test files are found in every folder below, in order", () => {
  const root = mkdtempSync(join(tmpdir(), "unit-"));
  mkdirSync(join(root, "lib", "deep"), { recursive: true });
  for (const file of ["b.test.ts", "b.ts", "deep/a.test.mjs"]) writeFileSync(join(root, "lib", file), "");
  assert.deepEqual(findTests(root, ["lib"]), [join("lib", "b.test.ts"), join("lib", "deep", "a.test.mjs")]);
});
