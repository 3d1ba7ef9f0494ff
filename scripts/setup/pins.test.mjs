import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { kernelspec } from "./jupyter.mjs";
import { root } from "./paths.mjs";

const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
const requirements = readdirSync(join(root, "scripts/python"))
  .filter((name) => name.endsWith(".txt") && name !== "bench.txt")
  .map((name) => readFileSync(join(root, "scripts/python", name), "utf8"))
  .join("\n");

test("every npm package is pinned by hash, or lies in this project", () => {
  for (const [path, { integrity, link, resolved }] of Object.entries(packages)) {
    if (link) assert.match(resolved, /^scripts\/stubs\//, path);
    else if (path.startsWith("node_modules/")) assert.match(integrity, /^sha512-/, path);
  }
});

test("the npm lockfile names no registry", () => {
  for (const [path, { resolved = "" }] of Object.entries(packages))
    assert.doesNotMatch(resolved, /:\/\//, path);
});

test("the npm lockfile has the binaries of every platform", () => {
  for (const [path, { optionalDependencies = {} }] of Object.entries(packages)) {
    for (const name of Object.keys(optionalDependencies)) {
      assert.ok(packages[`node_modules/${name}`], `${name} of ${path}`);
    }
  }
});

test("every Python package but the bench's is pinned to a version and its hashes, and no index is named", () => {
  const entries = requirements
    .replaceAll("\\\n", "")
    .split("\n")
    .filter((line) => /^[^#\s]/.test(line));
  assert.ok(entries.length > 50);
  for (const entry of entries) assert.match(entry, /^[\w.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}/);
});

test("the kernelspec starts the kernel with files that exist", () => {
  const [node, , loader, main] = kernelspec().argv;
  for (const file of [node, loader, main]) assert.ok(existsSync(file), file);
});
