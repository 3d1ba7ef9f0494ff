import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { Client } from "../testing/client";

/** A project with a library, packages of every kind and modules beside its notebooks. */
const root = mkdtempSync(join(tmpdir(), "imports-"));
let clock = Date.now() / 1000 - 1000;

function write(name: string, text: string): void {
  const file = join(root, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  utimesSync(file, ++clock, clock);
}

function writePackage(name: string, description: object, files: Record<string, string>): void {
  write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: "1.0.0", ...description }));
  for (const [file, text] of Object.entries(files)) write(`node_modules/${name}/${file}`, text);
}

writePackage(
  "only-import",
  {
    type: "module",
    exports: { ".": { types: "./index.d.ts", import: "./index.js" }, "./sub": { import: "./sub.js" } },
  },
  {
    "index.js":
      "export const kind = 'esm'; export let count = 0; export function increase() { count++; } export default class Main {}",
    "index.d.ts":
      "export declare const kind: string; export declare let count: number; export declare function increase(): void; export default class Main {}",
    "sub.js": "export default () => import.meta.url.startsWith('file:');",
  },
);
writePackage(
  "module-type",
  { type: "module", main: "main.js" },
  { "main.js": "export const waited = await Promise.resolve('awaited'); export default waited;" },
);
writePackage(
  "both",
  { exports: { ".": { import: "./index.mjs", require: "./index.cjs" } } },
  {
    "index.mjs": "export const kind = 'esm';",
    "index.cjs": "exports.kind = 'cjs'; exports.state = {};",
  },
);
writePackage(
  "common",
  { main: "index.js" },
  {
    "index.js":
      "module.exports = function common() { return 'called'; }; module.exports.extra = 1; module.exports.count = 0; module.exports.more = () => ++module.exports.count;",
  },
);
writePackage(
  "typed-outside",
  { types: "types.d.ts", exports: { ".": "./index.js" } },
  {
    "index.js": "exports.answer = 42;",
    "types.d.ts": "export declare const answer: number;",
  },
);
writePackage("broken", {}, { "index.js": "throw new RangeError('broken package');" });
write(
  "lib/index.ts",
  "export { deep } from './deep.js'; export default class Default {} export let live = 1; export function change() { live++; } export interface OnlyType { a: number }",
);
write("lib/deep.ts", "import { state } from 'both'; export const deep: string = 'deep'; export { state };");
write(
  "esm/waiting.ts",
  "export const waited: number = await Promise.resolve(7); export const url: string = import.meta.url;",
);
write("esm/package.json", '{ "type": "module" }');
write("notebooks/typed.mts", "export const typed: number = await Promise.resolve(9);");
write("lib/throws.ts", "\nthrow new RangeError('thrown while loading');");
write(
  "notebooks/beside.mjs",
  "import { kind } from 'only-import'; export let loads = 1; export const again = () => ++loads; export { kind }; export const url = import.meta.url; export default await 5;",
);
write("notebooks/local.ts", "export const local = (n: number): number => n + 1;");
write("notebooks/old.cjs", "exports.old = 'old';");
write("notebooks/data.json", '{ "rows": [1, 2] }');

let client: Client;
before(async () => {
  client = await Client.start({ cwd: join(root, "notebooks") });
});
after(async () => {
  await client.close();
  rmSync(root, { recursive: true });
});

/** Returns the text of a cell's result, or its error. */
async function result(code: string): Promise<string | undefined> {
  const outcome = await client.execute(code, { stop_on_error: false });
  const [error] = outcome.of("error");
  if (error) return `${error.ename}: ${error.evalue}`;
  return outcome.of("execute_result")[0]?.data["text/plain"];
}

test("a package that has nothing but ES modules is imported, statically and dynamically, the same one", async () => {
  assert.equal(
    await result("import Main, { kind } from 'only-import'; [kind, Main]"),
    "[ 'esm', [class Main] ]",
  );
  assert.equal(await result("import * as all from 'only-import'; all.default === Main && all.kind"), "'esm'");
  assert.equal(await result("(await import('only-import')) === all"), "true");
  assert.equal(await result("import sub from 'only-import/sub'; sub()"), "true");
  assert.equal(
    await result("const { default: dynamicSub } = await import('only-import/sub'); dynamicSub === sub"),
    "true",
  );
});

test("a package of ES modules by its type, with a top-level await", async () => {
  assert.equal(
    await result("import waited, { waited as named } from 'module-type'; [waited, named]"),
    "[ 'awaited', 'awaited' ]",
  );
});

test("a package of both kinds is the one that the library gets by require", async () => {
  assert.equal(await result("import { kind as bothKind, state } from 'both'; bothKind"), "'cjs'");
  assert.equal(
    await result("import { state as libraryState } from '../lib/deep'; libraryState === state"),
    "true",
  );
});

test("CommonJS has a default, a namespace and names, as with esModuleInterop", async () => {
  assert.equal(
    await result(
      "import common, { extra } from 'common'; import * as commonAll from 'common'; [common(), extra, commonAll.default === common, (commonAll as any).extra]",
    ),
    "[ 'called', 1, true, 1 ]",
  );
  assert.equal(
    await result("const dyn = await import('common'); [dyn.default === common, dyn === commonAll]"),
    "[ true, true ]",
  );
  assert.equal(
    await result(
      "import fs, { existsSync as exists } from 'node:fs'; import * as fsAll from 'fs'; fs.existsSync === exists && fsAll.existsSync === exists",
    ),
    "true",
  );
  assert.equal(await result("import { old } from './old.cjs'; old"), "'old'");
});

test("import = require gives what the module exports, with its types", async () => {
  assert.equal(await result("import path = require('path'); path.posix.join('a', 'b')"), "'a/b'");
  assert.equal(await result("path.basename('c/d')"), "'d'");
  assert.equal(await result("import called = require('common'); (called as any)()"), "'called'");
  assert.match(
    (await result("import path = require('path'); path.nothing"))!,
    /^CompileError: Property 'nothing' does not exist/,
  );
});

test("bindings are live: a later change inside the module is seen, in every cell and closure", async () => {
  assert.equal(
    await result(
      "import { count, increase } from 'only-import'; const seeCount = () => count; increase(); count",
    ),
    "1",
  );
  assert.equal(await result("increase(); [count, seeCount()]"), "[ 2, 2 ]");
  assert.equal(await result("import { live, change } from '../lib'; change(); live"), "2");
  assert.equal(await result("change(); live"), "3");
  assert.equal(
    await result("import { more, count as commonCount } from 'common'; more(); more(); commonCount"),
    "2",
  );
  assert.equal(await result("let live = 'replaced'; change(); live"), "'replaced'");
});

test("a module beside the notebook, ES or TypeScript, with or without its extension", async () => {
  assert.equal(
    await result(
      "import five, { kind as besideKind, url } from './beside.mjs'; [five, besideKind, url.endsWith('notebooks/beside.mjs')]",
    ),
    "[ 5, 'esm', true ]",
  );
  assert.equal(
    await result(
      "import { local } from './local'; import { local as js } from './local.js'; import { local as ts } from './local.ts'; [local(1), js === local, ts === local]",
    ),
    "[ 2, true, true ]",
  );
  assert.equal(
    await result(
      "import { deep } from '../lib/deep.js'; import libraryDefault, * as library from '../lib/index.js'; [deep, library.deep, library.default === libraryDefault]",
    ),
    "[ 'deep', 'deep', true ]",
  );
  assert.equal(await result("const late = await import('./local'); late.local(2)"), "3");
});

test("absolute paths and file URLs", async () => {
  assert.equal(
    await result(
      `import { local as absolute } from ${JSON.stringify(join(root, "notebooks/local"))}; absolute === local`,
    ),
    "true",
  );
  assert.equal(
    await result(
      `const byUrl = await import(${JSON.stringify(pathToFileURL(join(root, "notebooks/beside.mjs")).href)}); byUrl.default`,
    ),
    "5",
  );
  assert.equal(
    await result(
      "const data8: string = 'data:text/javascript,export default 8'; (await import(data8)).default",
    ),
    "8",
  );
});

test("a TypeScript module with a top-level await is imported, once", async () => {
  assert.equal(
    await result(
      "import { waited as seven, url as waitingUrl } from '../esm/waiting'; [seven + 1, waitingUrl.includes('waiting.ts')]",
    ),
    "[ 8, true ]",
  );
  assert.equal(await result("(await import('../esm/waiting')).waited"), "7");
  assert.equal(await result("import { typed as nine } from './typed.mjs'; nine"), "9");
});

test("JSON", async () => {
  assert.equal(
    await result(
      "import data from './data.json'; import { rows } from './data.json'; data.rows === rows && rows",
    ),
    "[ 1, 2 ]",
  );
});

test("types that are imported leave nothing to load", async () => {
  assert.equal(
    await result(
      "import type { OnlyType } from '../lib'; import { type OnlyType as T2 } from '../lib'; const typed: OnlyType & T2 = { a: 1 }; typed",
    ),
    "{ a: 1 }",
  );
  assert.equal(
    await result("import { OnlyType as Plain } from '../lib'; const plain: Plain = typed; plain.a"),
    "1",
  );
});

test("types are found where a package's exports lead to, and where they do not", async () => {
  assert.match(
    (await result("import { kind as typedKind } from 'only-import'; typedKind.nothing"))!,
    /^CompileError: Property 'nothing' does not exist on type 'string'/,
  );
  assert.match(
    (await result("import { answer } from 'typed-outside'; answer.nothing"))!,
    /^CompileError: Property 'nothing' does not exist on type 'number'/,
  );
  assert.equal(await result("import { answer } from 'typed-outside'; answer"), "42");
});

test("import.meta knows where the notebook lies", async () => {
  assert.equal(
    await result(
      `import.meta.url.startsWith(${JSON.stringify(pathToFileURL(join(root, "notebooks")).href)})`,
    ),
    "true",
  );
  assert.equal(
    await result(
      "import { fileURLToPath } from 'node:url'; import { dirname } from 'node:path';\nconst __filename = fileURLToPath(import.meta.url); const __dirname = dirname(__filename);\n[__dirname === process.cwd(), (import.meta as any).dirname === __dirname, (import.meta as any).filename === __filename]",
    ),
    "[ true, true, true ]",
  );
  assert.equal(await result("__dirname === process.cwd()"), "true");
});

test("an edited module is seen when it is imported again, ES or TypeScript", async () => {
  assert.equal(await result("import { again } from './beside.mjs'; again()"), "2");
  assert.equal(await result("import { again } from './beside.mjs'; again()"), "3");
  write("notebooks/beside.mjs", "export const again = () => 'edited';");
  assert.equal(await result("import { again } from './beside.mjs'; again()"), "'edited'");
  assert.equal(await result("const useLocal = () => local(10); useLocal()"), "11");
  write("notebooks/local.ts", "export const local = (n: number): number => n + 2;");
  assert.equal(await result("import { local } from './local'; useLocal()"), "12");
  write("esm/waiting.ts", "export const waited: number = await Promise.resolve(70);");
  assert.equal(await result("import { waited as seventy } from '../esm/waiting'; seventy"), "70");
});

test("the same cell of an import may run again and again", async () => {
  for (let i = 0; i < 4; i++) {
    assert.equal(
      await result("import { again as same } from './beside.mjs'; const repeated = same(); repeated"),
      "'edited'",
    );
  }
});

test("what cannot be loaded is an error, and declared names without a value say so", async () => {
  assert.match((await result("import 'broken'"))!, /^RangeError: broken package/);
  assert.match(
    (await result("import { never } from './nowhere'"))!,
    /^CompileError: Cannot find module '.\/nowhere'/,
  );
  assert.match((await result("await import('nowhere' + 1)"))!, /Cannot find module 'nowhere1'/);
  assert.match((await result("import '../lib/throws'"))!, /^RangeError: thrown while loading/);
});

test("imports are evaluated in their order, before the cell, and once", async () => {
  write("notebooks/first.ts", "console.log('first'); export const first = 1;");
  write("notebooks/second.mjs", "console.log('second'); export const second = 2;");
  const outcome = await client.execute(
    "console.log('cell', first, second);\nimport { first } from './first';\nimport { second } from './second.mjs';\nimport './first';",
  );
  assert.equal(outcome.text("stdout"), "first\nsecond\ncell 1 2\n");
  assert.equal((await client.execute("import './first'; import './second.mjs';")).text("stdout"), "");
});

test("exports from another module load it and declare nothing", async () => {
  write("notebooks/side.ts", "console.log('loaded'); export const side = 1;");
  const outcome = await client.execute("export { side } from './side';\nexport * from './side';");
  assert.deepEqual([outcome.reply.status, outcome.text("stdout")], ["ok", "loaded\n"]);
  assert.match((await result("side"))!, /Cannot find name 'side'/);
});

test("a cell is a module by the directive of any comment before its code", async () => {
  const directives = [
    "/** @module one */",
    "// c\n/** @module one */",
    "#!/usr/bin/env node\n/** @module one */",
    "/** Another comment. */\n\n/**\n * From https://example.org/a/b*c\n * @module one\n */",
    "/** @module one*/",
    "/** See https://example.org/x. @module one */ /* more */",
    "  /* plain */ /** @module one\n * and more words */",
  ];
  for (const [index, directive] of directives.entries()) {
    assert.equal(await result(`${directive}\nexport const which: number = ${index};`), undefined);
    assert.equal(await result("import { which } from './one'; which"), String(index), directive);
  }
  assert.equal(await result("const text = '/** @module two */'; /** @module two */ text.length"), "18");
  assert.equal(await result("/** @module */ 'no name'"), "'no name'");
});

test("what the running Node has of ES2023 and later has its types", async () => {
  assert.equal(
    await result(
      "[[3, 1, 2].toSorted(), [1, 2].findLast((n) => n < 2), [1, 2].with(0, 5), [1].toReversed()]",
    ),
    "[ [ 1, 2, 3 ], 1, [ 5, 2 ], [ 1 ] ]",
  );
  assert.equal(await result("'ok'.isWellFormed()"), "true");
  const hasSets = "union" in Set.prototype;
  const union = await result("[...new Set([1]).union(new Set([2]))]");
  assert.match(union!, hasSets ? /^\[ 1, 2 \]$/ : /^CompileError: Property 'union' does not exist/);
});
