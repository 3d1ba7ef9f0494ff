import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { complete } from "./assistance";
import { Compiler } from "./compiler";

const compiler = new Compiler(join(__dirname, "..", "..", "notebooks"));

/** Completes at the position of the bar in the code. */
function completeAt(marked: string, declarations = "") {
  const [before = "", after = ""] = marked.split("¦");
  const code = before + after;
  const reply = complete(compiler, declarations, { code, cursor_pos: [...before].length });
  const replaced = [...code].slice(reply.cursor_start, reply.cursor_end).join("");
  return { matches: reply.matches as string[], replaced, reply };
}

/**
 * The answers of tslab 1.0.22 according to its own tests (src/complete.spec.ts): the word that is replaced, and the
 * replacements.
 */
const asInTslab: [name: string, code: string, replaced: string, matches: string[]][] = [
  ["members", 'let v = { abc: "hello", xyz: 10 }; v.¦', "", ["abc", "xyz"]],
  ["members that begin with a prefix", 'let v = { abc: "hello", xyz: 10 }; v.ab¦', "ab", ["abc"]],
  ["members before a suffix", 'let v = { abc: "hello", xyz: 10 }; v.¦ab', "ab", ["abc"]],
  ["members in the middle of a word", 'let v = { abc: "hello", xyz: 10 }; v.a¦b', "ab", ["abc"]],
  ["no member that does not match", 'let v = { abc: "hello", xyz: 10 }; v.qwerty¦', "qwerty", []],
  ["no members of any", "let x: any = 10; x.¦", "", []],
  ["no members of any with a prefix", "let x: any = 10; x.abc¦", "abc", []],
  ["keys of an object literal", "let v: { alpha: string, beta: number } = {¦};", "", ["alpha", "beta"]],
  ["missing keys only", "let v: { alpha: string, beta: number } = {alpha: 'hello', ¦}", "", ["beta"]],
  ["keys with a prefix", "let v: { alpha: string, beta: number } = {al¦}", "al", ["alpha"]],
  ["keys before a suffix", "let v: { alpha: string, beta: number } = {¦al}", "al", ["alpha"]],
  ["keys in the middle of a word", "let v: { alpha: string, beta: number } = {a¦l}", "al", ["alpha"]],
  [
    "exact prefixes before those in another case before names that contain the word",
    'let v = { bxy: true, axy: "hello", cxy: 3.4, dXY: false, xyz: 10, XYZ: 30 }; v.XY¦',
    "XY",
    ["XYZ", "xyz", "axy", "bxy", "cxy", "dXY"],
  ],
  ["globals with a prefix", "setT¦", "setT", ["setTimeout"]],
  ["globals before a suffix", "¦setT", "setT", ["setTimeout"]],
  ["globals in the middle of a word", "set¦I", "setI", ["setImmediate", "setInterval"]],
  ["nothing in a string", 'let v = "¦"', "", []],
  ["nothing in a string that is not closed", 'let v = "¦', "", []],
  ["nothing in a comment", '/* ¦ */"', "", []],
  ["a JSDoc tag", "/** @par¦ */ function f(xyz: number, abc: string): void {}", "par", ["param"]],
  ["a JSDoc parameter", "/** @param ¦ */ function f(xyz: number, abc: string): void {}", "", ["abc", "xyz"]],
];

for (const [name, code, replaced, matches] of asInTslab) {
  test(`as in tslab, completion offers ${name}`, () => {
    const found = completeAt(code);
    assert.deepEqual([found.replaced, found.matches], [replaced, matches]);
  });
}

/** Cases of which tslab's tests check only the beginning of a long list. */
const firstInTslab: [name: string, code: string, declarations: string, first: string[]][] = [
  ["globals", "¦", "", ["__dirname", "__filename", "AbortController", "AbortSignal", "abstract"]],
  [
    "globals after earlier cells",
    "let newval = 10; ¦",
    "declare let oldval: number;",
    ["__dirname", "__filename", "AbortController", "AbortSignal", "abstract"],
  ],
  [
    "values of a union of strings",
    'type version = "cupcake" | "donut" | "eclair" | "froyo"; let v: version = ¦',
    "",
    ['"cupcake"', '"donut"', '"eclair"', '"froyo"', "v", "__dirname"],
  ],
  [
    "a function's locals",
    "function fn(abc: number, xyz: string) { ¦ }",
    "",
    ["abc", "arguments", "fn", "xyz", "__dirname"],
  ],
  [
    "JSDoc tags",
    "/** ¦*/ function f(xyz: number, abc: string): void {}",
    "",
    ["@abstract", "@access", "@alias", "@argument", "@async"],
  ],
];

for (const [name, code, declarations, first] of firstInTslab) {
  test(`as in tslab, completion begins with ${name}`, () => {
    const { matches, replaced } = completeAt(code, declarations);
    assert.equal(replaced, "");
    assert.deepEqual(matches.slice(0, first.length), first);
  });
}

test("as in tslab, completion offers what a module of Node exports", () => {
  const { matches } = completeAt('import * as vm from "vm"; vm.¦');
  for (const name of ["createContext", "isContext", "runInThisContext", "Script", "SourceTextModule"]) {
    assert.ok(matches.includes(name), name);
  }
});

/** Cells that declare names, for which a program of an earlier cell was once used by mistake. */
const offered: [name: string, code: string, declarations: string, includes: string[], excludes: string[]][] =
  [
    [
      "members of a name that the same cell declares",
      "const list = [1, 2];\nconst doubled = list.ma¦",
      "",
      ["map"],
      [],
    ],
    ["members of an earlier name", "const doubled = list.ma¦", "declare const list: number[];", ["map"], []],
    [
      "the new members of a name declared anew",
      "const thing = { fresh: 1 };\nthing.¦",
      "declare const thing: { stale: number };",
      ["fresh"],
      ["stale"],
    ],
    [
      "members of what the same cell imports",
      'import { readFileSync } from "node:fs";\nconst text = readFileSync("x", "utf8").toUp¦',
      "",
      ["toUpperCase"],
      [],
    ],
    ["exports of a package in its import", 'import { Mat¦ } from "ml-matrix"', "", ["Matrix"], []],
    ["exports of the library in its import", 'import { matrixR¦} from "../lib"', "", ["matrixRank"], []],
    ["exports after others", 'import { svd, type Spec¦ } from "../lib"', "", ["Spectrum"], ["svd"]],
    [
      "a name of an earlier cell",
      "incr¦",
      "declare function increment(x: number): number;",
      ["increment"],
      [],
    ],
    ["members after optional chaining", "const a = [1] as number[] | undefined;\na?.fla¦", "", ["flat"], []],
    ["members on a line of their own", "const a = [1];\na\n  .filter(Boolean)\n  .fla¦", "", ["flat"], []],
    ["members in a template", `const a = [1];\nconst t = \`\${a.len¦}\``, "", ["length"], []],
    [
      "members of a generic arrow's parameter",
      "const f = <T extends string>(x: T) => x.toUp¦",
      "",
      ["toUpperCase"],
      [],
    ],
    ["keywords that are being written", "typeo¦", "", ["typeof"], []],
    ["private names", "class A { #secret = 1; get() { return this.#sec¦ } }", "", ["#secret"], []],
    [
      "members inside a function that is not closed",
      "function f(a: number[]) {\n  return a.fla¦",
      "",
      ["flat"],
      [],
    ],
  ];

for (const [name, code, declarations, includes, excludes] of offered) {
  test(`completion offers ${name}`, () => {
    const { matches } = completeAt(code, declarations);
    for (const text of includes) assert.ok(matches.includes(text), `${text} in ${matches.slice(0, 9)}`);
    for (const text of excludes) assert.ok(!matches.includes(text), text);
  });
}

/**
 * In strings the whole content is replaced, so that nothing is duplicated. Returns the result of accepting the first
 * match.
 */
const inStrings: [code: string, match: string, result: string][] = [
  ['import x from "node:pat¦"', "node:path", 'import x from "node:path"'],
  ['import x from "node:pat¦', "node:path", 'import x from "node:path'],
  ['import x from "node:fs/p¦"', "node:fs/promises", 'import x from "node:fs/promises"'],
  ['import x from "ml-m¦"', "ml-matrix", 'import x from "ml-matrix"'],
  ['import x from "../li¦"', "../lib", 'import x from "../lib"'],
  ["import x from '../lib/lin¦alg'", "../lib/linalg", "import x from '../lib/linalg'"],
  ['await import("./res¦")', "./results", 'await import("./results")'],
  ['let v: "left" | "right" = "le¦"', "left", 'let v: "left" | "right" = "left"'],
  ['const o = { "two words": 1 }; o["tw¦"]', "two words", 'const o = { "two words": 1 }; o["two words"]'],
];

for (const [marked, match, result] of inStrings) {
  test(`completion within a string replaces all of it: ${marked}`, () => {
    const code = [...marked.replace("¦", "")];
    const { matches, reply } = completeAt(marked);
    assert.ok(matches.includes(match), String(matches.slice(0, 9)));
    const { cursor_start: start, cursor_end: end } = reply;
    assert.equal([...code.slice(0, start), match, ...code.slice(end)].join(""), result);
  });
}

test("completion offers modules that cells have declared", () => {
  compiler.compile("", "/** @module helpersInMemory */\nexport const one = 1;");
  assert.deepEqual(completeAt('import {} from "./helpersIn¦"').matches, ["./helpersInMemory"]);
  assert.deepEqual(completeAt('import { o¦ } from "./helpersInMemory"').matches, ["one"]);
});

test("completion counts a cursor in code points", () => {
  const { reply } = completeAt("const 𝜃 = [1]; '👩‍🔬'; 𝜃.fla¦");
  assert.ok(reply.matches.includes("flat"));
  assert.equal(reply.cursor_end - reply.cursor_start, 3);
  assert.deepEqual(completeAt("const 𝜃𝜃 = 1; 𝜃𝜃¦").replaced, "𝜃𝜃");
});

test("completion tells JupyterLab the kind of each match and the signature of a function", () => {
  const { reply } = completeAt("incr¦", "declare function increment(x: number): number;");
  const [first] = reply.metadata._jupyter_types_experimental;
  assert.deepEqual(first, {
    text: "increment",
    type: "function",
    signature: "(x: number): number",
    start: 0,
    end: 4,
  });
  const imported = completeAt("rea¦", 'import { readFileSync } from "node:fs";').reply;
  assert.equal(imported.metadata._jupyter_types_experimental[0].type, "function");
});

test("a cursor outside of the code completes at its nearest end", () => {
  assert.equal(complete(compiler, "", { code: "setT", cursor_pos: 99 }).cursor_end, 4);
  assert.equal(complete(compiler, "", { code: "setT", cursor_pos: -3 }).cursor_start, 0);
});
