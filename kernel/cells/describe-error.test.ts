import { AssertionError } from "node:assert";
import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { createContext, runInContext, runInNewContext, Script } from "node:vm";
import fc from "fast-check";
import { complaintsOfNbformat } from "../testing/nbformat";
import { describeError } from "./describe-error";
import { MappedStacks } from "./mapped-stacks";
import type { CellSource } from "./stack-frames";

const cells = new Map<string, CellSource>();
const stacks = new MappedStacks(cells);
stacks.install();

const describe = (thrown: unknown) => describeError(thrown, stacks);
const plain = (thrown: unknown) => stripVTControlCharacters(describe(thrown).traceback.join("\n"));

/** Runs source as a cell, unchanged, and returns what it throws. */
function thrownBy(source: string): unknown {
  const name = `Cell [${cells.size + 1}]`;
  cells.set(name, { name, source });
  try {
    new Script(source, { filename: name }).runInThisContext();
  } catch (error) {
    return error;
  }
  throw new Error("the cell does not throw");
}

const bomb = () => {
  throw new Error("must not be called");
};
const traps = Object.fromEntries(
  Object.getOwnPropertyNames(Reflect).map((trap) => [trap, bomb]),
) as ProxyHandler<object>;
const revoked = (target: object) => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};
const withFields = (fields: object, error = new Error("plain")) => Object.assign(error, fields);
const withGetter = (name: string, get: () => unknown, error: object = new Error("plain")) =>
  Object.defineProperty(error, name, { get, enumerable: true, configurable: true });
const redefined = (name: string, value: unknown) =>
  Object.defineProperty(new Error("plain"), name, { value });
const chain = (length: number): Error => {
  let error = new Error("root");
  for (let i = 0; i < length; i++) error = new Error(`link ${i}`, { cause: error });
  return error;
};
const cyclic = (links: number) => {
  const errors = Array.from({ length: links }, (_, i) => new Error(`cyc ${i}`));
  for (const [i, error] of errors.entries()) error.cause = errors[(i + 1) % links];
  return errors[0];
};
const endlesslyThrowing = (): object =>
  withGetter("message", () => {
    throw endlesslyThrowing();
  });

const corpus: Record<string, unknown> = {
  undefined: undefined,
  null: null,
  "the empty string": "",
  "a string": "text",
  "half a surrogate pair": "\ud83d",
  "a string with escape sequences": "\u001b[31mred\u0000",
  "a number": 5,
  NaN: Number.NaN,
  "a bigint": 5n,
  "a boolean": false,
  "a symbol": Symbol("s"),
  "a function": () => 1,
  "a class": class Thrown {},
  "an array": [1, [2]],
  "an object": { a: 1 },
  "an object with message": { message: "m", code: 1 },
  "an object without prototype": Object.create(null),
  "an error without prototype": Object.setPrototypeOf(new Error("bare"), null),
  "an instance without own fields": Object.create(Error.prototype),
  "an error": new Error("plain"),
  "an error without message": new Error(),
  "an error with many lines": new Error("one\ntwo\n    at f (three:1:1)\nfour"),
  "an error that is its own cause": cyclic(1),
  "three errors that cause each other": cyclic(3),
  "a long chain of causes": chain(1000),
  "causes that are no errors": [undefined, null, "text", 5, Symbol("s"), {}].map(
    (cause) => new Error("m", { cause }),
  ),
  "a cause whose getter throws": withGetter("cause", bomb),
  "a cause that is a revoked Proxy": new Error("m", { cause: revoked({}) }),
  "a message whose getter throws": withGetter("message", bomb),
  "a message whose getter throws the error itself": endlesslyThrowing(),
  "a name whose getter throws": withGetter("name", bomb),
  "a stack whose getter throws": withGetter("stack", bomb),
  "a constructor whose getter throws": withGetter("constructor", bomb, redefined("name", "")),
  "a field whose getter throws": withGetter("detail", bomb),
  "a field that cannot be inspected": withFields({
    detail: { [Symbol.for("nodejs.util.inspect.custom")]: bomb },
  }),
  "a message that is a symbol": redefined("message", Symbol("m")),
  "a message that is null": redefined("message", null),
  "a message that is an object": redefined("message", { toString: bomb }),
  "a name that is a number": redefined("name", 5),
  "a name that is a symbol": redefined("name", Symbol("n")),
  "a name that is empty": redefined("name", ""),
  "a name that is an object": redefined("name", { toString: bomb }),
  "a stack that is no string": redefined("stack", 5),
  "a stack that is missing": redefined("stack", undefined),
  "a stack that is an array": redefined("stack", [{}]),
  "a stack that is not a stack": redefined("stack", "    at \n at (\n    at (((:1:1\n    at :1:1)"),
  "a huge message": new Error("x".repeat(5_000_000)),
  "a huge string": "y".repeat(5_000_000),
  "huge fields": withFields({ list: Array(100_000).fill({ a: "z".repeat(10_000) }) }),
  "a Proxy whose every trap throws": new Proxy({}, traps),
  "a Proxy of an error whose every trap throws": new Proxy(new Error("target"), traps),
  "a Proxy of a function": new Proxy(bomb, traps),
  "a Proxy of an error": new Proxy(new Error("target"), {}),
  "a revoked Proxy": revoked({}),
  "a revoked Proxy of an error": revoked(new Error("target")),
  "an error whose prototype is a Proxy": Object.setPrototypeOf(new Error("m"), new Proxy({}, traps)),
  "an AggregateError": new AggregateError([new Error("a"), "b", revoked({})], "several"),
  "an AggregateError that holds itself": (() => {
    const error = new AggregateError([], "self");
    error.errors.push(error);
    return error;
  })(),
  "an AggregateError of thousands": new AggregateError(
    Array.from({ length: 5000 }, (_, i) => new AggregateError([new Error(`${i}`)])),
  ),
  "an AggregateError whose members are no array": redefined("errors", { length: 3 }),
  "an AggregateError whose members throw": withGetter("errors", bomb, new AggregateError([])),
  "an error of another realm": runInNewContext("new RangeError('other realm')"),
  "an object of another realm": runInNewContext("({ a: 1 })"),
  "a DOMException": new DOMException("aborted", "AbortError"),
  "an AbortSignal's reason": AbortSignal.abort().reason,
  "an AssertionError": new AssertionError({ actual: 1, expected: 2, operator: "strictEqual" }),
  "a subclass whose toString throws": new (class Loud extends Error {
    override toString(): string {
      throw new Error("toString");
    }
  })("loud"),
  "an object with toString and toJSON that throw": {
    toString: bomb,
    toJSON: bomb,
    [Symbol.toPrimitive]: bomb,
  },
  "a value whose inspection throws": { [Symbol.for("nodejs.util.inspect.custom")]: bomb },
  "a value that is inspected as a symbol": { [Symbol.for("nodejs.util.inspect.custom")]: () => Symbol("s") },
  "a promise": Promise.resolve(1),
  "a frozen error": Object.freeze(new Error("frozen")),
  "a structured clone of an error": structuredClone(new Error("cloned", { cause: new Error("inner") })),
};

test("whatever is thrown is described by an error message of strings that notebooks may hold", () => {
  const outputs = Object.entries(corpus).map(([name, thrown]) => {
    const content = describe(thrown);
    assert.deepEqual(Object.keys(content).sort(), ["ename", "evalue", "traceback"], name);
    assert.equal(typeof content.ename, "string", name);
    assert.notEqual(content.ename, "", name);
    assert.equal(typeof content.evalue, "string", name);
    assert.ok(content.traceback.length > 0, name);
    for (const line of content.traceback) assert.equal(typeof line, "string", name);
    assert.deepEqual(JSON.parse(JSON.stringify(content)), content, name);
    assert.ok(
      JSON.stringify(content).length < 500_000,
      `${name}: ${JSON.stringify(content).length} characters`,
    );
    return { output_type: "error", ...content };
  });
  assert.ok(outputs.length >= 40);
  const complaints = complaintsOfNbformat(outputs);
  assert.deepEqual(
    Object.keys(corpus).filter((_, i) => complaints[i] !== null),
    [],
  );
});

test("any thrown value, with any fields, is described", () => {
  const value = fc.anything({ withBigInt: true, withNullPrototype: true, withSparseArray: true });
  const fields = fc.record(
    {
      name: value,
      message: value,
      stack: value,
      cause: value,
      errors: value,
      code: value,
      constructor: value,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(value, fields, (thrown, own) => {
      for (const one of [
        thrown,
        Object.defineProperties(new Error(), Object.getOwnPropertyDescriptors(own)),
      ]) {
        const { ename, evalue, traceback } = describe(one);
        assert.ok(ename !== "" && [ename, evalue, ...traceback].every((text) => typeof text === "string"));
        assert.ok(traceback.length > 0);
      }
    }),
  );
});

test("the name and the message say what was thrown", () => {
  const described = (thrown: unknown) => {
    const { ename, evalue } = describe(thrown);
    return [ename, evalue];
  };
  class NetworkError extends Error {}
  assert.deepEqual(described(new RangeError("bad")), ["RangeError", "bad"]);
  assert.deepEqual(described(corpus["an error of another realm"]), ["RangeError", "other realm"]);
  assert.deepEqual(described(corpus["a DOMException"]), ["AbortError", "aborted"]);
  assert.deepEqual(described(Object.assign(new NetworkError("down"), { name: "" })), [
    "NetworkError",
    "down",
  ]);
  assert.deepEqual(described(redefined("name", 5)), ["5", "plain"]);
  assert.deepEqual(described(redefined("message", Symbol("m"))), ["Error", "Symbol(m)"]);
  assert.deepEqual(described("text"), ["Thrown", "text"]);
  assert.deepEqual(described(undefined), ["Thrown", "undefined"]);
  assert.deepEqual(described({ a: 1 }), ["Thrown", "{ a: 1 }"]);
  assert.match(described(withGetter("message", bomb))[1]!, /must not be called/);
});

test("a huge message is cut, never within a sign, and says by how much", () => {
  const { evalue, traceback } = describe(new Error(`x${"😀".repeat(100_000)}`));
  const [, start, left] = /^(.*)… \(([\d,]+) more characters\)$/su.exec(evalue) ?? [];
  assert.equal(start!.length + Number(left!.replaceAll(",", "")), 200_001);
  assert.match(start!, /^x😀+$/u);
  assert.ok(traceback.join("").length < 30_000);
});

test("causes are shown, a cycle of them is said, and their number is limited", () => {
  const three = plain(new Error("top", { cause: new TypeError("middle", { cause: "the bottom" }) }));
  assert.match(three, /^Error: top\n[\s\S]*Caused by:\nTypeError: middle\n[\s\S]*Caused by: 'the bottom'$/);
  assert.match(
    plain(cyclic(2)),
    /cyc 0[\s\S]*Caused by:\nError: cyc 1[\s\S]*Caused by: Error, described above \(a cycle\)$/,
  );
  const long = plain(chain(1000));
  assert.match(long, /link 999[\s\S]*further errors are left out$/);
  assert.doesNotMatch(long, /link 100\b/);
});

test("the members of an AggregateError are shown, with their own causes and members", () => {
  const inner = new AggregateError([new TypeError("deep")], "inner");
  const text = plain(
    new AggregateError([new Error("first", { cause: new Error("why") }), 5, inner], "outer"),
  );
  assert.match(text, /^AggregateError: outer\n/);
  for (const message of [
    /Error 1:\n +Error: first/,
    /Caused by:\n +Error: why/,
    /Error 2: 5/,
    /TypeError: deep/,
  ]) {
    assert.match(text, message);
  }
});

test("fields of an error are shown as Node shows them", () => {
  const text = plain(
    thrownBy(
      'require("node:fs").readFileSync("/does/not/exist")'.replace("require", "process.getBuiltinModule"),
    ),
  );
  assert.match(
    text,
    /\{\s+errno: -\d+,\s+code: 'ENOENT',\s+syscall: 'open',\s+path: '\/does\/not\/exist'\s+\}$/,
  );
  assert.match(plain(withFields({ code: "E_OWN" })), /\n\{ code: 'E_OWN' \}$/);
  assert.doesNotMatch(plain(new Error("none")), /\{/);
});

test("the first frame of a cell is shown with its line and a mark below the place", () => {
  const lines = plain(thrownBy("const fine = 1;\n\tnull.f();")).split("\n");
  const [line, mark] = lines.slice(-2);
  assert.equal(line, "     2 | \tnull.f();");
  assert.equal(mark, `${" ".repeat(9)}\t${" ".repeat(5)}^`);
});

test("of a very long line only the part around the place is shown", () => {
  const text = plain(thrownBy(`${"/* */".repeat(10_000)} null.f(); ${"/* */".repeat(10_000)}`));
  assert.match(text, /null\.f\(\)/);
  assert.ok(text.length < 1000, `${text.length} characters`);
});

test("of many frames the first ten are shown, and those of cells", () => {
  const recursion = plain(thrownBy("function again() { again(); }\nagain();"));
  assert.match(recursion, /… 30 more$/m);
  const library = new Script("(function dig(n, f) { return n === 0 ? f() : dig(n - 1, f); })", {
    filename: "/lib/dig.js",
  });
  Object.assign(globalThis, { dig: library.runInThisContext() });
  const text = plain(thrownBy('dig(20, () => { throw new Error("deep"); });'));
  assert.equal(text.match(/at dig /g)!.length, 9);
  assert.match(text, /Cell \[\d+\]:1:23[\s\S]*Cell \[\d+\]:1:1\n[\s\S]*… 12 more/);
});

test("paths below the project are shown relative to it, also of file: URLs, others as they are", () => {
  const error = (file: string) =>
    redefined("stack", `Error: m\n    at f (${file}:3:5)\n    at async ${file}:4:6`);
  const path = resolve(__dirname, "..", "..", "lib", "a b (c).ts");
  for (const file of [path, pathToFileURL(path).href]) {
    assert.match(plain(error(file)), /at f \(lib\/a b \(c\)\.ts:3:5\)\n {4}at async lib\/a b \(c\)\.ts:4:6$/);
  }
  assert.match(plain(error("/elsewhere/x.ts")), /at f \(\/elsewhere\/x\.ts:3:5\)/);
  assert.match(plain(error("C:\\elsewhere\\x.ts")), /at f \(C:\\elsewhere\\x\.ts:3:5\)/);
});

test("the name of a cell is no path", () => {
  const { traceback } = describeError(thrownBy("null.f()"), stacks);
  assert.match(traceback.join("\n"), /at Cell \[\d+\]:1:6/);
});

test("an error of another realm shows the places of the cells that it passed through", () => {
  Object.assign(globalThis, { runElsewhere: (code: string) => runInContext(code, createContext({})) });
  cells.set("compiled 1", {
    name: "Cell [100]",
    source: "first line\nsecond line",
    locate: ({ line, column }) => ({ line: line + 1, column }),
  });
  let thrown: unknown;
  try {
    new Script('runElsewhere("null.f()")', { filename: "compiled 1" }).runInThisContext();
  } catch (error) {
    thrown = error;
  }
  assert.equal(thrown instanceof Error, false);
  assert.match(plain(thrown), /at Cell \[100\]:2:1\n {5}2 \| second line/);
});
