import assert from "node:assert/strict";
import { test } from "node:test";
import { completenessOf } from "./completeness";

for (const code of [
  "",
  "const a = 1",
  "await (f())",
  "for await (const x of y) {}",
  "const f = <T>(x: T) => x;",
]) {
  test(`complete: ${JSON.stringify(code)}`, () => {
    assert.deepEqual(completenessOf(code), { status: "complete" });
  });
}

for (const [code, indent] of [
  ["function f() {", "  "],
  ["  if (a) {\n    f(", "      "],
  ["const t = `open", ""],
  ["/* open", ""],
  ["const a = [1,\n  2,", "  "],
  ["f(1)\n  .g(", "    "],
  ["a +", ""],
] as const) {
  test(`incomplete: ${JSON.stringify(code)}`, () => {
    assert.deepEqual(completenessOf(code), { status: "incomplete", indent });
  });
}

for (const code of ["f(]", "const s = 'open", "const = 1;", "}"]) {
  test(`invalid: ${JSON.stringify(code)}`, () => {
    assert.deepEqual(completenessOf(code), { status: "invalid" });
  });
}
