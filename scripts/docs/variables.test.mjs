import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../setup/paths.mjs";

const sources = ["lib", "kernel", "scripts"]
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)),
  )
  .filter((file) => /\.(ts|mjs|cjs|py)$/.test(file) && !/\.test\./.test(file));

/** @param {string} text */
const variablesIn = (text) => [...new Set(text.match(/\bWEIGHTSPACE_[A-Z_]+\b/g))].sort();

test("docs/platforms.md lists the variables that the code mentions, and no others", () => {
  const read = sources.map((file) => readFileSync(join(root, file), "utf8")).join("\n");
  const page = readFileSync(join(root, "docs", "platforms.md"), "utf8");
  const rows = page.split("\n").filter((line) => line.startsWith("| `WEIGHTSPACE_"));
  assert.deepEqual(rows.flatMap((row) => variablesIn(row.split("|")[1] ?? "")).sort(), variablesIn(read));
});
