import assert from "node:assert/strict";
import { test } from "node:test";
import type { CompilerHost } from "@tslab/typescript-for-tslab";
import { diagnosticText } from "./diagnostic-text";
import { loadTypeScript } from "./load-typescript";

const ts = loadTypeScript();

/** The messages of the compiler for a program of one file, without a standard library. */
function messagesFor(source: string): string[] {
  const file = ts.createSourceFile("file.ts", source, ts.ScriptTarget.ES2022);
  const host: CompilerHost = {
    ...ts.createCompilerHost({}),
    getSourceFile: (name) => (name === "file.ts" ? file : undefined),
  };
  const program = ts.createProgram(["file.ts"], { noLib: true, strict: true }, host);
  return program.getSemanticDiagnostics(file).map(({ messageText }) => diagnosticText(messageText));
}

test("the innermost cause of a type error comes first, what it makes wrong after it", () => {
  const [message] = messagesFor(`
    interface Options { rates: { first: number } }
    declare function train(options: Options): void;
    const options = { rates: { first: "fast" } };
    train(options);
  `);
  const lines = message!.split("\n").map((line) => line.trim());
  assert.equal(lines[0], "Type 'string' is not assignable to type 'number'.");
  assert.match(lines.at(-1)!, /^Argument of type .* is not assignable to parameter of type 'Options'\.$/);
  assert.ok(lines.length > 2);
});

test("of overloads that fail for one cause, the cause is named once", () => {
  const [message] = messagesFor(`
    declare function of(a: { n: number }): void;
    declare function of(a: { n: number; m?: string }): void;
    const argument = { n: "1" };
    of(argument);
  `);
  const lines = message!.split("\n").map((line) => line.trim());
  assert.equal(lines[0], "Type 'string' is not assignable to type 'number'.");
  assert.equal(lines.filter((line) => line === lines[0]).length, 1);
  assert.equal(lines.at(-1), "No overload matches this call.");
});

test("a message of one link is itself", () => {
  assert.deepEqual(messagesFor('const n: number = "1";'), [
    "Type 'string' is not assignable to type 'number'.",
  ]);
});
