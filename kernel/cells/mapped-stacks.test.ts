import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import ts from "typescript";
import { Client } from "../testing/client";

const folder = mkdtempSync(join(tmpdir(), "stacks-"));
const notebooks = join(folder, "my notebooks (1)");
let client: Client;
before(async () => {
  mkdirSync(notebooks);
  client = await Client.start({ cwd: notebooks });
});
after(async () => {
  await client.close();
  rmSync(folder, { recursive: true });
});

/** TypeScript that prints the stacks of errors, with types and blank lines that the compiler removes. */
const snippets = {
  "functions and top-level code": `
interface Point { x: number }

function fail(p: Point): never {
  throw new RangeError("bad " + p.x);
}
const outer = (): void => { const y: number = 3; fail({ x: y }); };
try { outer(); } catch (e) { console.log((e as Error).stack); }`,
  "async functions": `
async function inner(): Promise<number> {
  await null;
  throw new Error("async");
}
const middle = async (): Promise<number> => {
  return 1 + (await inner());
};
try { await middle(); } catch (e) { console.log((e as Error).stack); }
try { await Promise.all([middle()]); } catch (e) { console.log((e as Error).stack); }`,
  "constructors, getters, static and private members, callbacks": `
class Model {
  #secret: number = 1;
  constructor(public readonly name: string) { if (!name) throw new TypeError("no name"); }
  get value(): number { throw new Error("getter"); }
  static make<T extends string>(x: T) { return new Model(x); }
  #hidden(): number { throw new Error("private " + this.#secret); }
  reveal() { return this.#hidden(); }
  map() { return [1].map((i: number) => { throw new Error("callback" + i); }); }
}
const model: Model = new Model("a");
for (const run of [() => new Model(""), () => Model.make(""), () => model.value, () => model.reveal(), () => model.map()]) {
  try { run(); } catch (e) { console.log((e as Error).stack); }
}
const literal: Record<string, unknown> = { get bad(): number { throw new Error("literal"); } };
try { literal.bad; } catch (e) { console.log((e as Error).stack); }`,
  generators: `
function* count(): Generator<number> {
  yield 1;
  throw new Error("generator");
}
try { for (const x of count()) x; } catch (e) { console.log((e as Error).stack); }
async function* later(): AsyncGenerator<number> { yield 1; throw new Error("async generator"); }
try { for await (const x of later()) x; } catch (e) { console.log((e as Error).stack); }`,
  "evaluated code": `
function evaluate(code: string): unknown {
  return eval(code);
}
try { evaluate("(function within() { throw new Error('eval'); })()"); } catch (e) { console.log((e as Error).stack); }
try { new Function("throw new Error('new Function')")(); } catch (e) { console.log((e as Error).stack); }`,
  "what V8 and Node throw": `
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
try { JSON.parse("{"); } catch (e) { console.log((e as Error).stack); }
try { readFileSync("/does/not/exist"); } catch (e) { console.log((e as Error).stack); }
try { readFileSync({} as string); } catch (e) { console.log((e as Error).stack); }
try { await readFile("/does/not/exist"); } catch (e) { console.log((e as Error).stack); }
try { (undefined as any).x; } catch (e) { console.log((e as Error).stack); }`,
  timers: `
await new Promise<void>((resolve) => setTimeout(() => { console.log(new Error("timer").stack); resolve(); }, 1));`,
  "what consoles print": `
function trace(n: number): void { console.trace("here", n); }
trace(1);
console.error(new Error("printed", { cause: new TypeError("cause") }));
console.log({ nested: new Error("nested") });
console.log([await Promise.reject(new Error("rejected")).catch((e: Error) => e)]);`,
};

/** The positions in the code itself and the built-in functions, in the order in which they are printed. */
function placesIn(text: string, file: RegExp): string[] {
  const lines = text.split("\n").filter((line) => /^ +at /.test(line));
  return lines.flatMap((line) => {
    const place = new RegExp(`${file.source}:(\\d+:\\d+)\\)?(?: {)?$`).exec(line)?.[1];
    if (place) return /^ +at (async )?/.exec(line)![1] ? `async ${place}` : place;
    return /^ +at (.* \((?:<anonymous>|index \d+|node:(?!internal).*)\))/.exec(line)?.[1] ?? [];
  });
}

/** What Node prints for each snippet run as a file. */
function printedByNode(): string[] {
  const compilerOptions: ts.CompilerOptions = {
    module: ts.ModuleKind.ESNext,
    target: ts.ScriptTarget.ES2022,
    inlineSourceMap: true,
  };
  Object.values(snippets).forEach((source, i) => {
    const { outputText } = ts.transpileModule(source, { compilerOptions, fileName: `snippet${i}.ts` });
    writeFileSync(join(folder, `snippet${i}.mjs`), outputText);
  });
  const all = Object.keys(snippets).map(
    (_, i) => `await import("./snippet${i}.mjs"); console.log("=== "); console.error("=== ");`,
  );
  writeFileSync(join(folder, "all.mjs"), all.join("\n"));
  const { stdout, stderr } = spawnSync(process.execPath, ["--enable-source-maps", join(folder, "all.mjs")]);
  const errors = stderr.toString().split("=== \n");
  return stdout
    .toString()
    .split("=== \n")
    .map((text, i) => text + errors[i]);
}

test("stacks have the places that Node with source maps prints for the same TypeScript, and none of the kernel", async () => {
  const expected = printedByNode();
  for (const [i, [name, source]] of Object.entries(snippets).entries()) {
    const outcome = await client.execute(source);
    assert.equal(outcome.reply["status"], "ok", JSON.stringify(outcome.reply));
    const printed = outcome.text("stdout") + outcome.text("stderr");
    const places = placesIn(printed, /Cell \[\d+\]/);
    assert.ok(places.length > 0, name);
    assert.deepEqual(places, placesIn(expected[i]!, /snippet\d+\.ts/), `${name}\n${printed}\n${expected[i]}`);
    assert.doesNotMatch(printed, /kernel|tslab|tsx|evalmachine|node:internal\/(?!fs)/, name);
    const last = printed
      .split("\n\n")
      .join("\n")
      .split("\n")
      .filter((line) => /^ +at /.test(line))
      .at(-1)!;
    assert.match(last, /Cell \[\d+\]/, name);
  }
});

test("evaluated code names the place of its eval in the cell", async () => {
  const outcome = await client.execute(
    'type T = string;\n\nconst run = (code: T) => eval(code);\ntry { run("null.f()") } catch (e) { console.log((e as Error).stack) }',
  );
  assert.match(outcome.text("stdout"), /at eval \(eval at run \(Cell \[\d+\]:3:26\), <anonymous>:1:6\)/);
});

test("an Error as a result, and a stack that a later cell prints, have the lines of the source", async () => {
  const shown = await client.execute('type A = 1;\n\nconst wrong = new Error("shown");\nwrong');
  const name = `Cell [${shown.reply["execution_count"]}]`;
  assert.equal(shown.of("execute_result")[0]!["data"]["text/plain"], `Error: shown\n    at ${name}:3:15`);
  const thrown = await client.execute(
    'type B = 1;\n\n(globalThis as any).kept = new Error("kept");\nthrow (globalThis as any).kept;',
  );
  const later = await client.execute("console.log((globalThis as any).kept.stack)");
  assert.equal(later.text("stdout"), `Error: kept\n    at Cell [${thrown.reply["execution_count"]}]:3:28\n`);
});

test("files of TypeScript have the lines of their source, whatever their folder is called, and so do ES modules", async () => {
  writeFileSync(
    join(notebooks, "library (2).ts"),
    'type T = 1;\n\nexport const fail = (): never => { throw new Error("deep"); };',
  );
  writeFileSync(join(notebooks, "plain.mjs"), '\nexport const fail = () => { throw new Error("module"); };');
  const outcome = await client.execute(
    'import { fail } from "./library (2)";\nconst where = (e: unknown) => (e as Error).stack!.split("\\n").slice(1).join("\\n");\ntry { fail(); } catch (e) { console.log(where(e)); }\nfail();',
  );
  const file = join(notebooks, "library (2).ts");
  const name = `Cell [${outcome.reply["execution_count"]}]`;
  assert.equal(outcome.text("stdout"), `    at fail (${file}:3:42)\n    at ${name}:3:7\n`);
  const traceback = outcome.of("error")[0]!["traceback"].map(stripVTControlCharacters);
  assert.ok(traceback.includes(`    at fail (${file}:3:42)`), traceback.join("\n"));
  const url = `file://${join(notebooks, "plain.mjs").replaceAll(" ", "%20")}`;
  writeFileSync(join(notebooks, "load.cjs"), "module.exports = (url) => import(url);");
  const module = await client.execute(
    `const load = require("./load.cjs");\ntry { (await load(${JSON.stringify(url)})).fail(); } catch (e) { console.log((e as Error).stack); }`,
  );
  assert.match(module.text("stdout"), /at .*fail \(file:.*plain\.mjs:2:35\)\n {4}at Cell \[\d+\]:2:\d+\n$/);
});

test("code may put its own function in the place of Error.prepareStackTrace, for a while or for good", async () => {
  const callSites = await client.execute(`function callers(): string[] {
  const before = Error.prepareStackTrace;
  Error.prepareStackTrace = (_, sites) => sites;
  const sites = new Error().stack as unknown as NodeJS.CallSite[];
  Error.prepareStackTrace = before;
  return sites.map((site) => site.getFunctionName()!).filter(Boolean);
}
function user() { return callers(); }
console.log(user().slice(0, 2));
console.log(new Error("after").stack);`);
  assert.match(
    callSites.text("stdout"),
    /^\[ 'callers', 'user' \]\nError: after\n {4}at Cell \[\d+\]:10:13\n$/,
  );

  const own = await client.execute(`type T = 1;

const nodes = Error.prepareStackTrace;
Error.prepareStackTrace = (error, sites) => "own: " + error.message;
const own = new Error("mine");
console.log(own.stack);
throw new Error("thrown");`);
  assert.equal(own.text("stdout"), "own: mine\n");
  const place = `Cell [${own.reply["execution_count"]}]:7:7`;
  assert.ok(own.of("error")[0]!["traceback"].some((line: string) => line.includes(place)));
  const bad = await client.execute(
    'Error.prepareStackTrace = () => { throw new Error("own fault"); };\nthrow new Error("thrown");',
  );
  assert.equal(bad.of("error")[0]!["evalue"], "thrown");
  const back = await client.execute('Error.prepareStackTrace = nodes;\nconsole.log(new Error("back").stack)');
  assert.match(back.text("stdout"), /^Error: back\n {4}at Cell \[\d+\]:2:13\n$/);
});

test("Error.captureStackTrace and Error.stackTraceLimit work as in Node", async () => {
  const outcome =
    await client.execute(`function hidden() { const target: { stack?: string } = {}; Error.captureStackTrace(target, hidden); return target.stack; }
const deep = (n: number): string => (n === 0 ? new Error("deep").stack! : deep(n - 1));
console.log(hidden());
console.log(deep(30).match(/at deep/g)!.length);
const limit = Error.stackTraceLimit;
Error.stackTraceLimit = 2;
console.log(deep(30).match(/at /g)!.length);
Error.stackTraceLimit = 0;
console.log(new Error("none").stack);
Error.stackTraceLimit = limit;`);
  assert.match(outcome.text("stdout"), /^Error\n {4}at Cell \[\d+\]:3:13\n31\n2\nError: none\n$/);
});

test("a bundle that cannot be shown is an error at the line that displays it, and the kernel goes on", async () => {
  const outcome = await client.execute(
    'const host = (globalThis as any)[Symbol.for("weightspace.host")];\n\nhost.display({ "text/html": null });',
  );
  const [error] = outcome.of("error");
  assert.match(error!["evalue"], /holds null under "text\/html"; expected a string$/);
  const frames = error!["traceback"]
    .map(stripVTControlCharacters)
    .filter((line: string) => /^ +at /.test(line));
  assert.deepEqual(frames, [`    at Cell [${outcome.reply["execution_count"]}]:3:6`]);
  const method = '({ [Symbol.for("Jupyter.display")]() { return { "application/json": { n: 5n } }; } })';
  const result = await client.execute(method);
  assert.match(result.of("error")[0]!["evalue"], /Jupyter\.display.*"application\/json".*BigInt/);
  assert.equal((await client.execute("1 + 1")).result, "2");
});

test("whatever is thrown, in a cell, a timer or a rejected promise, leaves a kernel that says so and goes on", async () => {
  const values = [
    "Object.assign(new Error('cyc'), { name: 5 })",
    "(() => { const e = new Error('cyc'); e.cause = e; return e; })()",
    "Object.defineProperty(new Error('a'), 'message', { get() { throw 1; } })",
    "Object.defineProperty(new Error('a'), 'stack', { get() { throw 1; } })",
    "Object.defineProperty(new Error('a'), 'message', { value: Symbol('m') })",
    "new Proxy(new Error('a'), { get() { throw 1; }, getPrototypeOf() { throw 1; }, has() { throw 1; } })",
    "(() => { const p = Proxy.revocable({}, {}); p.revoke(); return p.proxy; })()",
    "Object.create(null)",
    "undefined",
    "Symbol('s')",
  ];
  for (const value of values) {
    const [thrown, behind] = await Promise.all([
      client.execute(`const thing: any = ${value};\nthrow thing;`),
      client.execute("1"),
    ]);
    const [error] = thrown.of("error");
    assert.ok(error, value);
    assert.ok(
      error.traceback.length > 0 && error.ename.length > 0 && typeof error.evalue === "string",
      value,
    );
    assert.equal(behind.reply["status"], "aborted", value);
  }
  const stray = await client.execute(
    `const things: any[] = [${values}];
for (const thing of things) { setTimeout(() => { throw thing; }); void Promise.reject(thing); }
await new Promise((resolve) => setTimeout(resolve, 50));`,
  );
  assert.equal(stray.text("stderr").match(/^Uncaught /gm)!.length, 2 * values.length, stray.text("stderr"));
  for (const value of values) {
    const shown = await client.execute(`things[${values.indexOf(value)}]`);
    assert.equal(shown.reply["status"], "ok", `${value}: ${shown.reply["evalue"]}`);
  }
});
