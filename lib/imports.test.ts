import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import ts from "typescript";

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

/** For each folder of lib the others that its files import from, each with one such file. */
function foldersImported(): Map<string, Map<string, string>> {
  const graph = new Map<string, Map<string, string>>();
  for (const [path, text] of sources) {
    if (!path.includes("/")) continue;
    const from = folderOf(path);
    const edges = graph.get(from) ?? new Map<string, string>();
    graph.set(from, edges);
    for (const to of importsOf(path, text).map(folderOf)) {
      if (to !== from && [...sources.keys()].some((other) => other.startsWith(`${to}/`))) edges.set(to, path);
    }
  }
  return graph;
}

/** The folders of a circle of imports; undefined where there is none. */
function circleIn(graph: Map<string, Map<string, string>>): string[] | undefined {
  const done = new Set<string>();
  const search = (folder: string, above: string[]): string[] | undefined => {
    if (above.includes(folder)) return [...above.slice(above.indexOf(folder)), folder];
    if (done.has(folder)) return undefined;
    for (const next of graph.get(folder)?.keys() ?? []) {
      const circle = search(next, [...above, folder]);
      if (circle) return circle;
    }
    done.add(folder);
    return undefined;
  };
  for (const folder of graph.keys()) {
    const circle = search(folder, []);
    if (circle) return circle;
  }
  return undefined;
}

test("no folders of lib import each other in a circle", () => {
  const graph = foldersImported();
  assert.ok(graph.get("training")?.has("optim"), "imports are found");
  assert.deepEqual(circleIn(graph), undefined);
  graph.get("backend")!.set("training", "an import that would close a circle");
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
