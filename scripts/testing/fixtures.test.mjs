import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../setup/paths.mjs";

/** @param {string} folder */
const filesUnder = (folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((path) =>
    `${folder}/${path}`.replaceAll("\\", "/"),
  );

test("every fixture of lib, and every reference by PyTorch, is named by one generator", () => {
  const generators = filesUnder("scripts/fixtures")
    .filter((path) => path.endsWith(".py"))
    .map((path) => ({ path, source: readFileSync(join(root, path), "utf8") }));
  const fixtures = [
    ...filesUnder("lib").filter((path) => /\/fixtures\/[^/]+\.json$/.test(path)),
    ...filesUnder("notebooks/references").filter((path) => path.endsWith("-pytorch.json")),
  ];
  assert.ok(fixtures.length > 20);
  for (const fixture of fixtures) {
    const named = generators.filter(({ source }) => source.includes(`"${fixture}"`));
    assert.equal(
      named.length,
      1,
      `${fixture} is named by ${named.map(({ path }) => path).join(", ") || "none"}`,
    );
  }
});
