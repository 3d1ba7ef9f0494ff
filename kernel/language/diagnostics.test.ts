import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { Compiler } from "./compiler";

const compiler = new Compiler(join(__dirname, "..", "..", "notebooks"));

/** Returns the positions and messages of a cell's errors. */
function faultsOf(cell: string) {
  const { diagnostics } = compiler.compile("", cell);
  return diagnostics.map(({ line, column, message }) => ({ line, column, message }));
}

test("of a cell that does not parse only the syntax errors are told", () => {
  assert.deepEqual(faultsOf("const a = ;\nconst b: number = 'text';"), [
    { line: 1, column: 11, message: "Expression expected." },
  ]);
  assert.deepEqual(faultsOf("function f(x) { return x * ; }"), [
    { line: 1, column: 28, message: "Expression expected." },
  ]);
});

for (const [cell, message] of [
  ["function f() {", "'}' expected."],
  ["const f = (x: number) => {\n  return [x,\n", "']' expected."],
  ["const a = 1;\nconst b = (\n\n\n", "Expression expected."],
  ["const text = `open", "Unterminated template literal."],
  ["class A {\n  f() {", "'}' expected."],
] as const) {
  test(`a cell that ends too early is at fault where it ends: ${JSON.stringify(cell)}`, () => {
    const lines = cell.trimEnd().split("\n");
    const place = { line: lines.length, column: lines.at(-1)!.length + 1 };
    assert.deepEqual(faultsOf(cell), [{ ...place, message }]);
  });
}

test("an error with a chain of reasons is one error", () => {
  const faults = faultsOf("const el: Promise<{ a: number }> = Promise.resolve(new Map<string, string>());");
  assert.equal(faults.length, 1);
  const [{ line, column, message }] = faults as [(typeof faults)[0]];
  assert.deepEqual([line, column], [1, 7]);
  assert.match(message, /^Property 'a' is missing.*\n {2}Type 'Promise<Map/);
});

test("types and declarations are still told together, and an await does not hide them", () => {
  const faults = faultsOf(
    'const a: number = "x";\nconst b = await Promise.resolve(1);\nconst c: string = b;',
  );
  assert.deepEqual(
    faults.map(({ line }) => line),
    [1, 3],
  );
});

test("an unknown name at the start of a shell line has a hint of what to write", () => {
  for (const cell of ["!ls", "!ls -l", "const a = 1;\n  !ls -a"]) {
    const faults = faultsOf(cell);
    assert.equal(faults.length, 1, cell);
    assert.match(faults[0]!.message, /execSync\("ls/);
  }
  assert.equal(faultsOf("!missing && 1")[0]!.message, "Cannot find name 'missing'.");
});

test("a module that a cell declares tells a chain of reasons once", () => {
  const module =
    "/** @module chained */\nexport const f: (a: { x: string }) => void = (a: { x: number }) => {};";
  const faults = faultsOf(module);
  assert.equal(faults.length, 1);
  assert.match(faults[0]!.message, /\n {2}/);
});
