import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { projectFolder } from "../../lib/notebook/project";
import { circleIn } from "../../lib/testing/circle";

/** The files that a file imports, types and `require` too, as paths in the project. */
function importsOf(path: string): string[] {
  const text = readFileSync(join(projectFolder, path), "utf8");
  return ts.preProcessFile(text, true, true).importedFiles.flatMap(({ fileName }) => {
    if (!fileName.startsWith(".")) return [];
    const stem = resolve(projectFolder, dirname(path), fileName);
    const file = [stem, `${stem}.ts`, join(stem, "index.ts")].find(
      (candidate) => existsSync(candidate) && statSync(candidate).isFile(),
    );
    return file ? [relative(projectFolder, file)] : [];
  });
}

test("no files of lib, kernel and scripts import each other in a circle", () => {
  const files = ["lib", "kernel", "scripts"].flatMap((folder) =>
    readdirSync(join(projectFolder, folder), { recursive: true, encoding: "utf8" })
      .map((path) => join(folder, path))
      .filter((path) => /\.(ts|mjs|cjs)$/.test(path) && !path.includes("node_modules")),
  );
  const graph = new Map(files.map((file) => [file, importsOf(file)]));
  assert.ok(graph.get("lib/training/trainer.ts")?.includes("lib/training/turn.ts"), "imports are found");
  assert.deepEqual(circleIn(graph), undefined);
  graph.set("lib/training/turn.ts", ["lib/training/trainer.ts"]);
  assert.ok(circleIn(graph)?.includes("lib/training/turn.ts"));
});
