import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { circleIn } from "./testing/circle";

/** The library's own files by their paths in lib, without tests and what serves them. */
const sources = new Map(
  readdirSync(__dirname, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !/\.test\.ts$|(^|\/)testing\//.test(path))
    .map((path) => [path, readFileSync(join(__dirname, path), "utf8")]),
);

const folderOf = (path: string) => path.split("/")[0]!;

/** The modules that a file imports, those of lib by their paths in it; types and `require` count too. */
function importsOf(path: string, text: string): string[] {
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.map(({ fileName }) =>
      fileName.startsWith(".") ? relative(__dirname, join(__dirname, dirname(path), fileName)) : fileName,
    );
}

/** For each folder of lib the others that its files import from. */
function foldersImported(): Map<string, Set<string>> {
  const graph = new Map<string, Set<string>>();
  for (const [path, text] of sources) {
    if (!path.includes("/")) continue;
    const from = folderOf(path);
    const edges = graph.get(from) ?? new Set<string>();
    graph.set(from, edges);
    for (const to of importsOf(path, text).map(folderOf)) {
      if (to !== from && [...sources.keys()].some((other) => other.startsWith(`${to}/`))) edges.add(to);
    }
  }
  return graph;
}

test("no folders of lib import each other in a circle", () => {
  const graph = foldersImported();
  assert.ok(graph.get("training")?.has("optim"), "imports are found");
  assert.deepEqual(circleIn(graph), undefined);
  graph.get("backend")!.add("training"); // an import that would close a circle
  assert.ok(circleIn(graph)?.includes("backend"));
});

test("no folder but notebook imports from notebook, and the library imports nothing outside of lib", () => {
  for (const [path, text] of sources) {
    for (const imported of importsOf(path, text)) {
      assert.ok(!imported.startsWith("../"), `${path} imports ${imported}`);
      const isAllowed = folderOf(path) === "notebook" || path === "index.ts";
      assert.ok(isAllowed || folderOf(imported) !== "notebook", `${path} imports ${imported}`);
    }
  }
});

/** The one file that touches the environment, and the variables that it does: TensorFlow's own. */
const exception = "backend/tensorflow-variables.ts";

test("nothing but notebook reads the process's environment or its working folder, asks git, or knows where it lies", () => {
  for (const [path, text] of sources) {
    if (folderOf(path) === "notebook") continue;
    const code = path === exception ? text.replaceAll(/process\.env\["(TF|NVIDIA)_\w+"\]/g, "") : text;
    for (const pattern of [
      /process\.env/,
      /process\.cwd/,
      /"git"/,
      /process\.chdir/,
      /WEIGHTSPACE_/,
      /__dirname|__filename/,
    ]) {
      assert.doesNotMatch(code, pattern, path);
    }
  }
});
