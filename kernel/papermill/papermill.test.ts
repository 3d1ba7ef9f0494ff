import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { python } from "../python";

/** Runs a Python program in the project's environment and returns what it prints. */
function run(program: string): string {
  const { stdout, stderr, status } = spawnSync(python, ["-c", program], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return stdout;
}

/** The cell that papermill injects for some parameters, written as a Python expression. */
function injected(parameters: string): string {
  return run(
    `from papermill.translators import translate_parameters\nfrom math import inf, nan\n` +
      `print(translate_parameters("tslab", "typescript", ${parameters}, "Parameters"), end="")`,
  );
}

/** What the injected cell passes to params.set(). */
function passed(parameters: string): unknown {
  let given: unknown;
  new Function("params", injected(parameters))({ set: (values: unknown) => (given = values) });
  return given;
}

test("papermill writes parameters as one call of params.set()", () => {
  assert.equal(
    injected(`{"steps": 100, "rate": 0.5, "name": "spray"}`),
    `// Parameters\nparams.set({ steps: 100, rate: 0.5, name: "spray" });\n`,
  );
});

test("every Python value arrives as the TypeScript value it means", () => {
  assert.deepEqual(
    passed(`{"yes": True, "no": False, "nothing": None, "list": [1, -2.5, "x"], "nested": {"a b": {}, "1": []},
             "tiny": 1e-07, "big": 2**53 - 1, "nan": nan, "limits": [inf, -inf]}`),
    {
      yes: true,
      no: false,
      nothing: null,
      list: [1, -2.5, "x"],
      nested: { "a b": {}, "1": [] },
      tiny: 1e-7,
      big: Number.MAX_SAFE_INTEGER,
      nan: Number.NaN,
      limits: [Infinity, -Infinity],
    },
  );
});

test("a string arrives unchanged, whatever it contains", () => {
  const text = "quote \" ' ` \u0024{x} \\ newline \n tab \t é 数 \u{1f600} \u2028";
  assert.deepEqual(
    passed(`{"text": ${JSON.stringify(text)}.encode("utf-16", "surrogatepass").decode("utf-16")}`),
    {
      text,
    },
  );
});

test("an integer that a TypeScript number cannot hold is refused", () => {
  const program = `from papermill.translators import translate_parameters
try:
    translate_parameters("tslab", "typescript", {"seed": 2**53}, "")
except ValueError as error:
    print(error)`;
  assert.match(run(program), /9007199254740992 is no exact TypeScript number/);
});

test("papermill knows the parameters of a notebook, their defaults and comments", () => {
  const program = `import json, nbformat
from papermill.inspection import inspect_notebook
cell = nbformat.v4.new_code_cell('''const params = parameters({
  steps: 10_000, // updates
  rate: 1 / 784,
});''', metadata={"tags": ["parameters"]})
kernel = {"name": "tslab", "language": "typescript", "display_name": ""}
found = inspect_notebook(nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel}))
print(json.dumps([[p["name"], p["default"], p["help"]] for p in found.values()]))`;
  assert.deepEqual(JSON.parse(run(program)), [
    ["steps", "10_000", "updates"],
    ["rate", "1 / 784", ""],
  ]);
});

/** A folder with a notebook, in a folder of its own, that imports a file beside it and prints what that exports. */
function folderWithNotebook(): string {
  const folder = mkdtempSync(join(tmpdir(), "papermill-"));
  mkdirSync(join(folder, "notes"));
  writeFileSync(join(folder, "notes", "neighbour.ts"), "export const answer: number = 42;\n");
  const cell = {
    cell_type: "code",
    id: "cell",
    metadata: {},
    execution_count: null,
    outputs: [],
    source: `import { answer } from "./neighbour"; console.log(answer)`,
  };
  const metadata = { kernelspec: { name: "tslab", display_name: "TypeScript", language: "typescript" } };
  const notebook = { cells: [cell], metadata, nbformat: 4, nbformat_minor: 5 };
  writeFileSync(join(folder, "notes", "note.ipynb"), JSON.stringify(notebook));
  return folder;
}

for (const [how, cwd, path] of [
  ["from its own folder", "notes", () => "note.ipynb"],
  ["from another folder", ".", () => join("notes", "note.ipynb")],
  ["by its absolute path", ".", (folder: string) => join(folder, "notes", "note.ipynb")],
] as const) {
  test(`papermill runs a notebook ${how}, and its imports are relative to it`, () => {
    const folder = folderWithNotebook();
    const output = join(folder, "out.ipynb");
    const { status, stderr } = spawnSync(python, ["-m", "papermill", path(folder), output], {
      cwd: join(folder, cwd),
      encoding: "utf8",
      env: { ...process.env, JUPYTER_PREFER_ENV_PATH: "1", JPY_SESSION_NAME: __filename },
    });
    assert.equal(status, 0, stderr);
    const [cell] = JSON.parse(readFileSync(output, "utf8")).cells;
    assert.deepEqual(cell.outputs[0].text, ["42\n"]);
  });
}
