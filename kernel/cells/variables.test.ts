import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { inspect } from "node:util";
import ts from "typescript";
import { Client } from "../testing/client";

const folder = mkdtempSync(join(tmpdir(), "variables-"));
let client: Client;
before(async () => {
  client = await Client.start({ cwd: folder });
});
after(async () => {
  await client.close();
  rmSync(folder, { recursive: true });
});

/** Runs cells one after another, all of which must succeed, and returns their output. */
async function printed(...cells: string[]): Promise<string> {
  let text = "";
  for (const cell of cells) {
    const outcome = await client.execute(cell);
    assert.deepEqual(
      outcome.of("error").map(({ evalue }) => evalue),
      [],
      cell,
    );
    text += outcome.text("stdout") + outcome.text("stderr");
  }
  return text;
}

/** Runs cells, all but the last of which may fail, and returns the text of the last one's result. */
async function result(...cells: string[]): Promise<string | undefined> {
  for (const cell of cells.slice(0, -1)) await client.execute(cell, { stop_on_error: false });
  const outcome = await client.execute(cells.at(-1)!);
  const [error] = outcome.of("error");
  if (error) return `${error.ename}: ${error.evalue}`;
  return outcome.of("execute_result")[0]?.data["text/plain"];
}

/** Returns what Node prints for the cells joined into one program. */
async function printedByNode(cells: string[]): Promise<string> {
  const options = { target: ts.ScriptTarget.ES2022, experimentalDecorators: true };
  const code = ts.transpile(cells.join("\n"), options);
  const lines: string[] = [];
  const log = (...values: unknown[]) =>
    lines.push(`${values.map((value) => (typeof value === "string" ? value : inspect(value))).join(" ")}\n`);
  const AsyncFunction = (async () => {}).constructor as new (...args: string[]) => (log: unknown) => unknown;
  await new AsyncFunction("console", code)({ log });
  return lines.join("");
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the templates are in the cells.
const programs: Record<string, string[]> = {
  "a closure and a later cell write the same variable": [
    "let total = 5; const add = (n: number) => { total += n; return total; };",
    "total = 100; console.log(add(1), total);",
    "total++; --total; total **= 2; console.log(total, add(-1)); { total -= 1; } console.log(total, typeof total);",
  ],
  "closures of every kind see a later assignment": [
    `let seen = "first";
    const arrow = () => seen, method = { get it() { return seen; }, do() { return seen; }, [\`\${seen}\`]: () => seen };
    function plain() { return seen; }
    async function later() { await null; return seen; }
    function* generate() { yield seen; }
    class Reader { field = () => seen; static of() { return seen; } #own() { return seen; } read() { return this.#own(); } }
    const reader = new Reader();`,
    'seen = "second";',
    `console.log(arrow(), method.it, method.do(), (method as any).first(), plain(), [...generate()], Reader.of(), reader.read(), reader.field());
    console.log(await later());`,
  ],
  "inner declarations of the same name stay their own": [
    "let x = 1, y = 2;",
    `{ let x = 10; x++; console.log(x); }
    for (let x = 0; x < 2; x++) console.log(x);
    for (const x of [7]) console.log(x);
    for (const x in { k: 1 }) console.log(x);
    try { throw 3; } catch (x) { console.log(x); }
    ((x: number) => console.log(x))(4);
    (({ x, y: [z] }: any) => console.log(x, z))({ x: 5, y: [6] });
    (function x() { console.log(typeof x); })();
    console.log((class x { static n = x.name; }).n);
    function inner(y: number, g = () => x) { var x = 9; return [x, y, g()]; }
    console.log(inner(8));
    switch (1 as number) { case 1: let y = 20; console.log(y); }
    x: for (;;) { break x; }
    console.log({ x: "property", y() { return x; } }.y(), { x }.x, x, y);`,
  ],
  "destructuring declares variables, whatever its form": [
    `const computed = "computed"; const { p, q: [r, , s = "default", ...t], [computed]: u, deep: { v = () => 1 }, ...rest } =
      { p: 1, q: [2, 3, undefined, 4, 5], computed: 6, deep: {} as { v?: () => number }, other: 7, more: 8 };
    let [a, [b, c = a! + 1], { length }] = [1, [2] as number[], "four"], { d, e = class {} } = { d: 9 } as { d: number; e?: any };`,
    "console.log(p, r, s, t, u, v.name, rest, a, b, c, length, d, e.name);",
    "[a, b] = [b, a]; ({ p: a, rest: { other: b = 0 } = { other: 0 }, c = 50 } = { p: 30, rest: { other: 40 } } as any); console.log(a, b, c);",
    "for ([a, { b }] of [[1, { b: 2 }]] as [number, { b: number }][]) console.log(a, b); for ({ c } of [{ c: 3 }]); console.log(c, { a, b, c });",
  ],
  "var is the notebook's in loops, blocks and conditions": [
    "console.log(typeof early); var early = 1; if (early) { var nested = 2; } for (var i = 0, n = 3; i < n; i++) var last = i;",
    "console.log(early, nested, i, n, last); for (var key in { k1: 1, k2: 2 }); for (var [first, second] of [[1, 2], [3, 4]]); for (var { w } of [{ w: 5 }]);",
    "console.log(key, first, second, w); var early: number; console.log(early); label: { var labelled = 1; break label; } console.log(labelled);",
    "for (var list = [1, 2], sum = 0; list.length; sum += list.pop()!); console.log(sum, list); function f() { var early = 5; return early; } console.log(f(), early);",
  ],
  "functions are hoisted, and may recurse, each other too": [
    "console.log(even(10)); function even(n: number): boolean { return n === 0 || odd(n - 1); } function odd(n: number): boolean { return n > 0 && even(n - 1); }",
    "console.log(odd(7), even.name, even.length); async function* steps() { yield 1; yield 2; } for await (const step of steps()) console.log(step);",
  ],
  "calls pass no `this`, and those of a method do": [
    `function self(this: unknown) { return this === undefined || this === globalThis; }
    const tag = function (this: unknown, parts: TemplateStringsArray) { return [parts[0], this === undefined || this === globalThis]; };
    const object = { self, tag };`,
    "console.log(self(), (self)(), self?.(), self.call(1), tag`t`, object.self(), object.tag`t`, [self].map((f) => f()), new (class { m = self; })().m());",
  ],
  "anonymous functions and classes are named after their variables": [
    `const arrow = () => {}, fn = function () {}, gen = function* () {}, Cls = class { static own = this.name; }, parens = (async () => {});
    const named = function other() {}; let lateFn: any; lateFn = () => {}; let or: any; or ||= () => {}; let [el = () => {}] = [] as any[]; let { pr = () => {}, al: ias = class {} } = {} as any;`,
    "console.log(arrow.name, fn.name, gen.name, Cls.name, Cls.own, parens.name, named.name, lateFn.name, or.name, el.name, pr.name, ias.name); console.log(arrow, fn, Cls);",
    "lateFn = function () {}; [lateFn = () => {}] = []; ({ or = () => {} } = {} as any); console.log(lateFn.name, or.name); const again = arrow; console.log(again.name, (() => {}).name);",
  ],
  "a class refers to itself": [
    `class Counter { static made = 0; static first = new Counter(); static { Counter.made += 10; } id = Counter.made++;
      static create() { return new Counter(); } same(o: unknown) { return o instanceof Counter; } }
    class Child extends Counter { override same(o: unknown) { return super.same(o) && o instanceof Child; } }`,
    "console.log(Counter.made, Counter.first.id, Counter.create(), new Child().same(new Child()), Counter.name); abstract class Shape { abstract area(): number; } class Square extends Shape { constructor(private s: number) { super(); } area() { return this.s ** 2; } }",
    "console.log(new Square(3).area(), new Square(2));",
  ],
  "enums and namespaces, also merged": [
    `enum Color { Red, Green = 5, Blue } enum Color { Black = 10 } const enum Inlined { One = 1 }
    namespace Geo { export const unit = 2; let hidden = 3; export function area(x: number) { return x * unit * hidden; } export namespace Deep { export let level = unit; } }
    function fun() { return fun.extra; } namespace fun { export const extra = "extra"; }
    class Merged {} namespace Merged { export const here = 1; }`,
    "console.log(Color, Color[5], Color.Blue, Geo.area(2), Geo.Deep.level, fun(), fun.extra, Merged.here, Inlined.One); Geo.Deep.level = 9; import Alias = Geo.Deep;",
    "console.log(Geo.Deep.level, Alias.level);",
  ],
  decorators: [
    `function mark(target: any) { target.marked = true; } function log(_t: any, key: string, d: PropertyDescriptor) { const f = d.value; d.value = function (...a: any[]) { return [key, f.apply(this, a)]; }; }
    @mark class Decorated { static copy = () => new Decorated(); @log twice(n: number) { return 2 * n; } }`,
    "console.log((Decorated as any).marked, new Decorated().twice(4), Decorated.copy() instanceof Decorated, Decorated.name);",
  ],
  "types leave nothing behind": [
    "interface Only { a: number } type Alias2 = Only | string; declare function ambient(): void; abstract class Base<T> { constructor(public t: T) {} } let typed: Only = { a: 1 };",
    "const generic = <T,>(x: T): T => x; console.log(generic<Only>(typed), typed satisfies Only, (typed as any)!.a, typeof (globalThis as any).ambient);",
  ],
  "a global may be hidden, and what is declared is one": [
    'const Map2 = Map; const name = "mine"; let URL = "hidden"; (globalThis as any).outside = 1;',
    "declare let outside: number; console.log(name, URL, new Map2().size, outside);",
    "outside++; console.log(outside, (globalThis as any).outside, typeof globalThis.URL);",
  ],
  "names that are also properties, parameters and labels": [
    "let value = 1, constructor = 2, length = 3, arguments_ = 4, get = 5, async = 6, of = 7, __proto = 8, ünï = 9, $ = 10, _ = 11;",
    "console.log({ value, constructor, length, get, async, of, ünï, $, _, __proto }, [value].length, { value: { value } }.value.value, value?.toString?.(), `${value}${ünï}`);",
    "const o = { value, get length() { return length; }, set length(v) { length = v; }, async async() { return async; }, [value]: value, *gen() { yield value; } }; o.length = 30; console.log(length, o, await o.async(), [...o.gen()]);",
  ],
  "names like those of the kernel's own making": [
    "let total = 1, total_1 = 2, cell = 3, cell_1 = 4, module_1 = 5, exports_ = 6; function value() { return total + total_1; }",
    "total_1 = 20; total = 10; console.log(value(), cell, cell_1, module_1, exports_, (() => total_1)());",
  ],
  "optional chains, spread, templates, comma and conditional expressions": [
    "let maybe: any = null, many = [1, 2], either = true, fnc = (...a: number[]) => a.length;",
    "console.log(maybe?.a.b, maybe?.[0], maybe?.(), maybe ?? 'none', fnc(...many), [...many, ...[either]], either ? maybe : many, (fnc(), many), `${many}`, fnc?.(...many)); maybe ??= 5; either &&= false; console.log(maybe, either, delete (many as any)[0], many, void many, !either, -maybe);",
    "const later2 = async () => { for await (const m of many) maybe = m; return maybe; }; console.log(await later2(), maybe, await Promise.all(many.map(async (m) => m)));",
  ],
  "new, instanceof, in, extends of earlier classes": [
    "class A1 { x = 1 } const holder = { A1 }; const make = () => A1;",
    "console.log(new A1(), new A1, new holder.A1(), new (make())(), new (class extends A1 { y = 2 })(), new A1() instanceof A1, 'x' in new A1()); class B1 extends A1 { static s = new A1().x }",
    "console.log(B1.s, new B1());",
  ],
  "statements without semicolons": [
    "let n0 = 1\nlet fn0 = () => n0\n;[n0] = [2]\nconst t0 = fn0()\nconsole.log(t0)\nclass C0 {}\nfunction g0() { return 3 }\n(function () { n0 = g0() })()\nconsole.log(n0, fn0())",
  ],
};

for (const [name, cells] of Object.entries(programs)) {
  test(`as in one program: ${name}`, async () => {
    assert.equal(await printed(...cells), await printedByNode(cells));
  });
}

test("declaring a name again gives the variable of all earlier closures a new value", async () => {
  await printed("function helper() { return 'old'; } const kind = 1; const use = () => [helper(), kind];");
  assert.equal(await result("function helper() { return 'new'; }", "use()"), "[ 'new', 1 ]");
  assert.equal(
    await result("const helper = () => 'arrow';", "const kind = 'text';", "use()"),
    "[ 'arrow', 'text' ]",
  );
  assert.equal(
    await result("import { sep as helper } from 'path';", "let helper = () => 'again';", "use()"),
    "[ 'again', 'text' ]",
  );
});

test("a recursive function calls what its name stands for, as when it is memoized", async () => {
  await printed(
    "let calls = 0; function fib(n: number): number { calls++; return n < 2 ? n : fib(n - 1) + fib(n - 2); } const slow = fib;",
  );
  await printed(
    "const memo = new Map<number, number>(); function fib(n: number): number { let v = memo.get(n); if (v === undefined) memo.set(n, v = slow(n)); return v; }",
  );
  assert.equal(await result("calls = 0; [fib(30), calls]"), "[ 832040, 31 ]");
});

test("a cell that runs again makes its variables anew", async () => {
  const cell =
    "enum Level { Low = 1 } namespace Space { export let n = 0; } var v0: number[] = []; let l0 = 1; class K0 { static n = 0; }\nspaces.push([Object.keys(Level).length, Space.n++, v0.push(1), l0++, K0.n++]);";
  await printed("const spaces: unknown[] = [];", cell, cell);
  assert.equal(await result("spaces"), "[ [ 2, 0, 1, 1, 0 ], [ 2, 0, 1, 1, 0 ] ]");
  await printed("enum Level { Other = 2 }");
  assert.equal(await result("Level"), "{ '2': 'Other', Other: 2 }");
});

test("a variable whose cell failed before it got a value says so, and one that had a value keeps it", async () => {
  const failing =
    "throw new Error('early'); let never = 1; const neverConst = 2; class Never {} var hoisted = 3; function ready() { return 4; }";
  await client.execute(failing.replace("throw", "if (true) throw"));
  for (const name of ["never", "neverConst", "Never"]) {
    assert.equal(
      await result(name),
      `ReferenceError: ${name} has no value: the cell that declares it has not given it one`,
    );
  }
  assert.equal(await result("[hoisted, ready(), typeof hoisted]"), "[ undefined, 4, 'undefined' ]");
  assert.equal(await result("never = 7;", "never"), "7");
  assert.equal(await result("let kept = 1;", "let kept = JSON.parse('{');", "kept"), "1");
  assert.equal(await result("let cleared = 1;", "let cleared; cleared"), undefined);
});

test("the last expression is shown and nothing else is", async () => {
  assert.equal(await result("Math.abs(1), 2"), "2");
  assert.equal(await result("let shown = 3; shown"), "3");
  assert.equal(await result("shown = 4"), "4");
  assert.equal(await result("5; const after = 1;"), undefined);
  assert.equal(await result("if (true) 5"), undefined);
  assert.equal(await result("({ a: 1 })"), "{ a: 1 }");
  assert.equal(await result("{ a: 1 }"), undefined);
  assert.equal(await result("`text` // a comment"), "'text'");
  assert.equal(await result("(() => 1)()\n// a comment at the end"), "1");
  assert.equal(await result("await Promise.resolve(6)"), "6");
  assert.equal(await result("undefined"), undefined);
});

test("a promise that is not awaited is shown at once, settled or not, and a rejected one is no error", async () => {
  const promise = async (code: string) =>
    (await result(code))!.replace(/\s*\[Symbol\(\w+\)\]: [\s\S]*(?=\}$)/, " ");
  assert.match(await promise("new Promise(() => {})"), /^Promise \{\s+<pending>/);
  assert.match(await promise("Promise.resolve(5)"), /^Promise \{\s*5\b/);
  assert.match(await promise("const five = async () => 5; five()"), /^Promise \{\s*5\b/);
  assert.match(await promise("(async () => { await null; return 'waited'; })()"), /^Promise \{\s*'waited'/);
  assert.match(await promise("new Promise((r) => setTimeout(r, 3000))"), /<pending>/);
  const outcome = await client.execute("Promise.reject(new RangeError('shown'))");
  assert.match(
    outcome.of("execute_result")[0]!.data["text/plain"],
    /^Promise \{\s*<rejected> RangeError: shown/,
  );
  const inLater = await client.execute("(async () => { await null; throw new RangeError('later'); })()");
  assert.match(inLater.of("execute_result")[0]!.data["text/plain"], /<rejected> RangeError: later/);
  const next = await client.execute("await new Promise((r) => setTimeout(r, 20)); 'over'");
  assert.equal(outcome.text("stderr") + inLater.text("stderr") + next.text("stderr"), "");
  assert.deepEqual([outcome.reply.status, inLater.reply.status], ["ok", "ok"]);
});

test("a thenable is shown and not run", async () => {
  assert.equal(
    await result("({ then(done: (n: number) => void) { console.log('run'); done(5); } })"),
    "{ then: [Function: then] }",
  );
  assert.equal(await printed("const thenable = { then() { console.log('run'); } }; thenable"), "");
  assert.equal(await result("class Later { then(done: Function) { done(1); } } new Later()"), "Later {}");
  assert.equal(await result("await ({ then(done: (n: number) => void) { done(5); } })"), "5");
});

test("exported declarations of pasted modules are variables, and what is exported by default is shown", async () => {
  assert.equal(
    await printed(
      "export const ex = 1; export let { ey } = { ey: 2 }; export function ef() { return ex; } export class EC {} export enum EE { A }\nexport interface EI { a: 1 } export type ET = EI; export abstract class EA {} export async function eg() { return ey; }\nexport { ex as renamed }; export {};",
      "console.log(ex, ey, ef(), new EC(), EE.A, EA.name, await eg());",
    ),
    "1 2 1 EC {} 0 EA 2\n",
  );
  assert.equal(await result("export default { a: 1 }"), "{ a: 1 }");
  assert.equal(
    await result("let before = 1\nexport default function () { return before }"),
    "[Function (anonymous)]",
  );
  assert.equal(await result("export default function named() { return 5; }", "named()"), "5");
  assert.equal(await result("export default class Named {}", "Named"), "[class Named]");
  assert.equal(await result("const def = 7\nexport { def as default }", "def"), "7");
  assert.equal(await result("export default class { x = 1 }"), "[class (anonymous)]");
  assert.equal(
    await result("/** Said before. */\nexport const documented = 1; // export\n`export ${documented}`"),
    "'export 1'",
  );
});

test("a first line for a shell is a comment", async () => {
  assert.equal(await result("#!/usr/bin/env -S npx tsx\nconst afterShebang = 3; afterShebang"), "3");
});

test("exports, module and require are there as in tslab and in a script", async () => {
  assert.equal(await result("let viaExports = 1; exports.viaExports = 2; viaExports"), "2");
  assert.equal(await result("exports.made = 3; Object.keys(exports).includes('made') && exports.made"), "3");
  assert.equal(await result("require.main === module && typeof require('fs').readFileSync"), "'function'");
  assert.equal(await result("__dirname === process.cwd() && __filename.startsWith(__dirname)"), "true");
});

test("errors have their places whatever has become of the names before them", async () => {
  const placeOf = async (code: string) => {
    const outcome = await client.execute(code, { stop_on_error: false });
    const [error] = outcome.of("error");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: tracebacks are coloured by escape sequences.
    const lines = (error!.traceback as string[]).join("\n").replace(/\u001b\[\d+m/g, "");
    return [...lines.matchAll(/at (?:(?:async )?([\w.<> ]+) \()?Cell \[\d+\]:(\d+):(\d+)/g)].map(
      ([, caller = "", line, column]) => `${caller} ${line}:${column}`.trim(),
    );
  };
  await printed(
    "let counted = 0; const { deepest } = { deepest: () => { counted++; throw new Error('deep'); } };\n\nfunction outer() { return deepest(); }",
  );
  assert.deepEqual(await placeOf("counted = 1; const z0 = counted + 1; outer();"), [
    "deepest 1:74",
    "outer 3:27",
    "1:38",
  ]);
  assert.deepEqual(
    await placeOf("const before0 = counted, after0 = counted, o0 = { counted, x: outer() };"),
    ["deepest 1:74", "outer 3:27", "1:63"],
  );
  assert.deepEqual(
    await placeOf("import { join } from 'path';\nimport {\n  sep,\n} from 'path';\njoin(sep, outer());"),
    ["deepest 1:74", "outer 3:27", "5:11"],
  );
  assert.deepEqual(
    await placeOf(
      "export const e0 = 1; /* é */ class Thrower { static go() { return outer(); } run() { return Thrower.go(); } }\nnew Thrower().run();",
    ),
    ["deepest 1:74", "outer 3:27", "Thrower.go 1:67", "Thrower.run 1:101", "2:15"],
  );
  assert.deepEqual(await placeOf("let undef: any;\ncounted = undef.property;"), ["2:17"]);
  assert.deepEqual(
    await placeOf("await null;\n  counted = [1].map(function each() { return outer(); })[0]!;"),
    ["deepest 1:74", "outer 3:27", "each 2:46", "2:17"],
  );
});

test("an error's message has the cell's names", async () => {
  assert.equal(
    await result("let notFunction: any = 1; notFunction()"),
    "TypeError: notFunction is not a function",
  );
  assert.equal(
    await result("let notIterable: any = 1; for (const it of notIterable);"),
    "TypeError: notIterable is not iterable",
  );
  assert.equal(
    await result("let notClass: any = 1; new notClass()"),
    "TypeError: notClass is not a constructor",
  );
  assert.equal(
    await result("let empty: any; empty.part.call()"),
    "TypeError: Cannot read properties of undefined (reading 'part')",
  );
});

test("a function's text is the cell's", async () => {
  const text = await result(
    "const addOne = (n: number) => n + 1; function twice(n: number) { return 2 * n; } [addOne, twice].join('|')",
  );
  assert.equal(text, "'(n) => n + 1|function twice(n) { return 2 * n; }'");
});

test("a cell may hold a source map's comment, and names of what the kernel passes to it", async () => {
  const comment = "//# sourceMappingURL=data:application/json;base64,e30=";
  assert.equal(
    await result(`const withMap = ${JSON.stringify(comment)}; ${comment}\nwithMap.length`),
    String(comment.length),
  );
  assert.equal(
    await result(
      "let module = 5, __filename = 'mine'; const see = () => module;",
      "module++; [module, see(), __filename]",
    ),
    "[ 6, 6, 'mine' ]",
  );
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the templates are in the cells.
