import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { help, inspect } from "./assistance";
import { Compiler } from "./compiler";

const compiler = new Compiler(join(__dirname, "..", "..", "notebooks"));

/** Inspects at the position of the bar in the code. */
function inspectAt(marked: string, declarations = "", detail_level = 0) {
  const [before = "", after = ""] = marked.split("¦");
  const content = { code: before + after, cursor_pos: [...before].length, detail_level };
  return inspect(compiler, declarations, content);
}

const plain = (marked: string, declarations?: string, detail?: number): string | undefined =>
  inspectAt(marked, declarations, detail).data["text/plain"];
const markdown = (marked: string, declarations?: string): string =>
  inspectAt(marked, declarations).data["text/markdown"];

/** The answers of tslab 1.0.22 according to its own tests (src/inspect.spec.ts). */
const asInTslab: [name: string, code: string, lines: string[] | undefined][] = [
  ["nothing in an empty cell", "¦", undefined],
  [
    "a let",
    "/** xys is a great variable */\nlet ¦xyz = 10;",
    ["let xyz: number", "", "xys is a great variable"],
  ],
  [
    "a var",
    "/** klm is a great boolean */\nvar ¦klm = true;",
    ["var klm: boolean", "", "klm is a great boolean"],
  ],
  [
    "a const",
    "/** abc is a great string */\nconst ¦abc = 'hello';",
    ['const abc: "hello"', "", "abc is a great string"],
  ],
  [
    "a method of the standard library",
    'let s = "abc"; s.¦indexOf("b");',
    [
      "(method) String.indexOf(searchString: string, position?: number): number",
      "",
      "Returns the position of the first occurrence of a substring.",
      "@param searchString The substring to search for in the string",
      "@param position The index at which to begin searching the String object. If omitted, search starts at the beginning of the string.",
    ],
  ],
  [
    "a constructor with overloads",
    "let m = new ¦Map();",
    ["var Map: MapConstructor", "new () => Map<any, any> (+3 overloads)"],
  ],
  ["a variable of an interface", "let ¦m: Map<string, number>;", ["let m: Map<string, number>"]],
  ["an interface", "let m: ¦Map<string, number>;", ["interface Map<K, V>"]],
  ["an enum's member", "enum myenum {key1, key2} myenum.¦key1;", ["(enum member) myenum.key1 = 0"]],
];

for (const [name, code, lines] of asInTslab) {
  test(`as in tslab, inspection tells of ${name}`, () => {
    assert.equal(plain(code), lines?.join("\n"));
    assert.equal(inspectAt(code).found, lines !== undefined);
  });
}

const documented = `/**
 * Divides, see {@link Math.floor}.
 *
 * @param a the dividend
 * @param b the divisor
 * @returns the quotient
 * @throws RangeError for a divisor of 0
 * @example
 * divide(6, 3); // 2
 * @deprecated
 */
declare function divide(a: number, b: number): number;`;

test("inspection keeps every tag of the documentation, in plain text and in Markdown", () => {
  assert.equal(
    plain("div¦ide", documented),
    [
      "function divide(a: number, b: number): number",
      "",
      "Divides, see Math.floor.",
      "@param a the dividend",
      "@param b the divisor",
      "@returns the quotient",
      "@throws RangeError for a divisor of 0",
      "@example divide(6, 3); // 2",
      "@deprecated",
    ].join("\n"),
  );
  assert.equal(
    markdown("div¦ide", documented),
    [
      "```typescript\nfunction divide(a: number, b: number): number\n```",
      "Divides, see `Math.floor`.",
      "*@param* `a` — the dividend",
      "*@param* `b` — the divisor",
      "*@returns* — the quotient",
      "*@throws* — RangeError for a divisor of 0",
      "*@example*\n\n```typescript\ndivide(6, 3); // 2\n```",
      "*@deprecated*",
    ].join("\n\n"),
  );
});

for (const [place, code] of [
  ["right after the bracket", "divide(¦"],
  ["before a closing bracket", "divide(¦)"],
  ["at an argument that is a number", "divide(6¦)"],
  ["after a comma", "divide(6, ¦)"],
  ["on a line of its own", "divide(\n  6,\n  ¦\n)"],
  ["within another call's brackets", "console.log(divide(¦))"],
]) {
  test(`inspection in a call's brackets tells the function's signature: ${place}`, () => {
    assert.match(plain(code!, documented)!, /^divide\(a: number, b: number\): number\n\nDivides/);
  });
}

test("inspection in the brackets tells of all overloads, the fitting one first", () => {
  const overloads = "declare function f(a: number): 1;\ndeclare function f(a: string, b: string): 2;";
  assert.equal(plain('f("x", ¦)', overloads), "f(a: string, b: string): 2\nf(a: number): 1");
});

test("inspection in the brackets of a call still tells of a name there", () => {
  assert.equal(plain("const x = 1; divide(¦x, 2)", documented), "const x: 1");
  assert.equal(plain("const f = (o: { key: number }) => o; f({ k¦ey: 1 })"), "(property) key: number");
});

test("inspection finds a call's signature in a constructor, in new code and after an earlier name", () => {
  const group = "declare class Group {\n  /** Makes one. */\n  constructor(size: number);\n}";
  assert.match(plain("new Group(¦)", group)!, /^Group\(size: number\): Group\n\nMakes one\./);
  assert.match(plain("const twice = (x: number) => 2 * x;\ntwice(¦)")!, /^twice\(x: number\): number/);
});

test("inspection sees what the same cell declares", () => {
  assert.equal(plain("const list = [1, 2]; const doubled = li¦st.map"), "const list: number[]");
  const declarations = "declare const thing: string;";
  assert.equal(plain("const thing = 5;\nth¦ing", declarations), "const thing: 5");
});

test("inspection of `parameters` in the notebooks tells its type and documentation", () => {
  const cell = 'import { parameters } from "../lib";\nconst params = parameters({ steps: 10 }, {});';
  const text = plain(cell.replace("= parameters", "= para¦meters"))!;
  assert.match(text, /function|\(alias\) parameters</);
  assert.match(text, /@param values/);
  assert.match(
    plain(cell.replace("parameters({", "parameters(¦{"))!,
    /^parameters\(values: \{ steps: number; \}/,
  );
});

test("inspection does not say twice that a parameter is optional", () => {
  const f = "declare function f(a?: Map<string, number>, b?: (x?: string) => void, c?: { d?: 1 | 2 }): void;";
  const code = "f(a?: Map<string, number>, b?: ((x?: string) => void), c?: { d?: 1 | 2; }): void";
  assert.equal(plain("f(¦)", f), code);
  assert.equal(plain("¦f", f)!.replace(/\s+/g, " "), `function ${code}`);
  assert.equal(plain("let ¦x: number | undefined"), "let x: number | undefined");
});

test("inspection finds nothing where there is nothing", () => {
  for (const code of [
    "¦ ",
    "1 + ¦",
    "// a comment ¦",
    "'a st¦ring'",
    "nothingOfThisName¦",
    "const a = [1];\na.¦",
  ]) {
    assert.deepEqual(inspectAt(code), { status: "ok", found: false, data: {}, metadata: {} }, code);
  }
});

test("inspection in more detail adds the declaration and where it is", () => {
  const cell = 'import { svd } from "../lib";\nsv¦d';
  assert.doesNotMatch(plain(cell)!, /svd\.ts/);
  assert.match(plain(cell, "", 1)!, /\nDeclared in \.\.\/lib\/linalg\/svd\.ts:\d+:\nexport function svd</);
  const earlier = plain("let p: Po¦int", "interface Point { x: number; y: number }", 1);
  assert.match(earlier!, /Declared in an earlier cell:\ninterface Point \{ x: number; y: number \}/);
});

test("help answers with a pager's payload, also for a name that there is not", () => {
  const page = help(compiler, documented, { name: "divide", withSource: true });
  assert.deepEqual([page.source, page.start], ["page", 0]);
  assert.match(page.data["text/plain"], /@returns the quotient[\s\S]*declare function divide/);
  assert.match(page.data["text/markdown"], /```typescript/);
  const unknown = help(compiler, "", { name: "nope", withSource: false });
  assert.deepEqual(unknown.data, { "text/plain": "nope is not defined" });
});

test("help tells of a member", () => {
  const page = help(compiler, "", { name: "Math.floor", withSource: false });
  assert.match(page.data["text/plain"], /Math\.floor\(x: number\): number/);
});

test("inspection counts a cursor in code points", () => {
  assert.equal(plain("'👩‍🔬𝜃'; const list = [1]; li¦st"), "const list: number[]");
});
