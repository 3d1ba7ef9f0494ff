import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { buildFolder } from "../../lib/notebook/project";
import { python } from "../testing/python";

/** Runs a Python program in the project's environment and returns what it prints. */
function run(program: string): string {
  const { stdout, stderr, status } = spawnSync(python, ["-c", program], {
    encoding: "utf8",
    env: { ...process.env, JUPYTER_PREFER_ENV_PATH: "1" },
  });
  assert.equal(status, 0, stderr);
  return stdout;
}

/** Scalars and arrays of NumPy 2, whose text differs from that of Python's numbers: `make("float64", 0.25)`. */
const numpy = `
def make(name, value):
    base = type(value) if type(value) in (float, str) else object
    kind = type(name, (base,), {"__module__": "numpy", "tolist": lambda self: value,
                                "__repr__": lambda self: f"np.{name}({value!r})"})
    return kind(value) if base is not object else kind()
`;

const everyCharacter = "quote \" ' ` \u0024{x} \\ newline \n tab \t é 数 \u{1f600}";
/** Parameters as Python expressions, translated by one process, because loading papermill takes seconds. */
const given = {
  plain: `{"steps": 100, "rate": 0.5, "name": "spray"}`,
  types: `{"yes": True, "no": False, "nothing": None, "list": [1, -2.5, "x"], "nested": {"a b": {}, "1": []},
    "tiny": 1e-07, "big": 2**53 - 1, "nan": nan, "limits": [inf, -inf]}`,
  text: `{"text": json.loads(${JSON.stringify(JSON.stringify(everyCharacter))})}`,
  lineEnds: `{"text": "\\u2028\\u2029\\x85\\ud800\\ufeff é 😀", "a\\u2028b": 1}`,
  numpy: `{"rate": make("float64", 0.25), "seed": make("int64", 7), "flag": make("bool", True),
    "name": make("str_", "x"), "sizes": make("ndarray", [1, 2]), "nested": [(make("float64", 0.5), 1), ()]}`,
  standard: `{"a": [datetime.date(2024, 1, 2), decimal.Decimal("0.1"), signal.SIGTERM, (1, (2.5,))]}`,
  keys: `{"__proto__": 1, "constructor": 2, "in": 3, "nested": {"__proto__": [], 5: 6}}`,
  integer: `{"a": 2**53}`,
  negativeInteger: `{"a": -(2**53)}`,
  set: `{"a": {1, 2}}`,
  bytes: `{"a": b"x"}`,
  complex: `{"a": 1j}`,
  range: `{"a": [range(3)]}`,
  decimal: `{"a": decimal.Decimal("0.1000000000000000000001")}`,
  longdouble: `{"a": make("longdouble", make("longdouble", 1))}`,
  noneKey: `{"a": {None: 1}}`,
  booleanKey: `{"a": {True: 1}}`,
};
type Name = keyof typeof given;
let cells: Record<Name, string>;

before(() => {
  const entries = Object.entries(given).map(([name, value]) => `"${name}": lambda: ${value}`);
  const program = `import datetime, decimal, json, signal
from math import inf, nan
from papermill.translators import translate_parameters
${numpy}
def cell(parameters):
    try:
        return translate_parameters("tslab", "typescript", parameters(), "Parameters")
    except (TypeError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
print(json.dumps({name: cell(value) for name, value in {${entries.join(",\n")}}.items()}))`;
  cells = JSON.parse(run(program));
});

/** The object that the injected cell passes to params.set(). */
function passed(name: Name): unknown {
  let values: unknown;
  new Function("params", cells[name])({ set: (passed: unknown) => (values = passed) });
  return values;
}

test("papermill writes parameters as one call of params.set()", () => {
  assert.equal(cells.plain, `// Parameters\nparams.set({ steps: 100, rate: 0.5, name: "spray" });\n`);
});

test("every Python value arrives as the TypeScript value it means", () => {
  assert.deepEqual(passed("types"), {
    yes: true,
    no: false,
    nothing: null,
    list: [1, -2.5, "x"],
    nested: { "a b": {}, "1": [] },
    tiny: 1e-7,
    big: Number.MAX_SAFE_INTEGER,
    nan: Number.NaN,
    limits: [Infinity, -Infinity],
  });
});

test("a string arrives unchanged, whatever it contains", () => {
  assert.deepEqual(passed("text"), { text: everyCharacter });
});

test("characters that end a line to some readers, or that no file can hold, are escaped", () => {
  const escaped = String.raw`{ text: "\u2028\u2029\u0085\ud800\ufeff é 😀", "a\u2028b": 1 }`;
  assert.equal(cells.lineEnds, `// Parameters\nparams.set(${escaped});\n`);
});

test("NumPy's values, tuples, dates, decimals and enumerations arrive as what they hold", () => {
  const values = { rate: 0.25, seed: 7, flag: true, name: "x", sizes: [1, 2], nested: [[0.5, 1], []] };
  assert.deepEqual(passed("numpy"), values);
  assert.deepEqual(passed("standard"), { a: ["2024-01-02", 0.1, 15, [1, [2.5]]] });
});

test("a key of any text is a property of its own", () => {
  const { nested, ...others } = passed("keys") as Record<string, object>;
  assert.deepEqual(Object.keys(others), ["__proto__", "constructor", "in"]);
  assert.deepEqual(Object.keys(nested!), ["5", "__proto__"]);
});

test("a value without a counterpart is an error that shows it", () => {
  const errors: Partial<Record<Name, string>> = {
    integer:
      "ValueError: 9007199254740992 is no exact TypeScript number: integers must lie within ±9007199254740991",
    negativeInteger:
      "ValueError: -9007199254740992 is no exact TypeScript number: integers must lie within ±9007199254740991",
    set: "TypeError: {1, 2} is a set, which has no counterpart in TypeScript",
    bytes: "TypeError: b'x' is a bytes, which has no counterpart in TypeScript",
    complex: "TypeError: 1j is a complex, which has no counterpart in TypeScript",
    range: "TypeError: range(0, 3) is a range, which has no counterpart in TypeScript",
    decimal: "ValueError: 0.1000000000000000000001 is no TypeScript number: the nearest is 0.1",
    longdouble:
      "TypeError: np.longdouble(np.longdouble(1)) is a longdouble, which has no counterpart in TypeScript",
    noneKey: "TypeError: None is a NoneType: a key must be a text or an integer",
    booleanKey: "TypeError: True is a bool: a key must be a text or an integer",
  };
  for (const [name, error] of Object.entries(errors)) assert.equal(cells[name as Name], error);
});

test("a notebook under papermill has the parameters that it was given, of every type", () => {
  mkdirSync(buildFolder, { recursive: true });
  const program = `import json, os, tempfile, nbformat, papermill
sources = ['import { parameters } from "../../lib/notebook/parameters"',
  'const params = parameters({\\n  flag: false,\\n  flags: [true],\\n  rate: 1,\\n  sizes: [1],\\n  name: "a",\\n})',
  'console.log(JSON.stringify(params))']
cells = [nbformat.v4.new_code_cell(source) for source in sources]
cells[1].metadata.tags = ["parameters"]
kernel = {"name": "tslab", "language": "typescript", "display_name": "TypeScript"}
with tempfile.TemporaryDirectory(dir=${JSON.stringify(buildFolder)}) as folder:
    path = os.path.join(folder, "a.ipynb")
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    given = {"flag": True, "flags": (False, False), "rate": 1e-7, "sizes": [], "name": "\\u2028 \\x85 é"}
    done = papermill.execute_notebook(path, path, given, progress_bar=False)
print(done.cells[-1].outputs[0].text)`;
  assert.deepEqual(JSON.parse(run(program)), {
    flag: true,
    flags: [false, false],
    rate: 1e-7,
    sizes: [],
    name: "\u2028 \u0085 é",
  });
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

/** A folder with a notebook, in a subfolder, that imports a file beside it and prints what the file exports. */
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
