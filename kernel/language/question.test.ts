import assert from "node:assert/strict";
import { test } from "node:test";
import { completenessOf } from "./completeness";
import { questionOf } from "./question";

for (const [code, name, withSource] of [
  ["svd?", "svd", false],
  ["?svd", "svd", false],
  ["svd??", "svd", true],
  ["??svd", "svd", true],
  [" tf.tidy ? ", "tf.tidy", false],
  ["$_1?", "$_1", false],
  ["größe?", "größe", false],
] as const) {
  test(`a cell asks for help on a name, as in IPython: ${code}`, () => {
    assert.deepEqual(questionOf(code), { kind: "help", name, withSource });
    assert.deepEqual(completenessOf(code), { status: "complete" });
  });
}

for (const [code, line, message] of [
  ["%time work()", 1, /%time .*console\.time/],
  ["%%time\nwork()", 1, /console\.time/],
  ["%matplotlib inline", 1, /display\(figure\)/],
  ["%unheardOf", 1, /TypeScript/],
  ["%%bash\nls -l", 1, /node:child_process/],
  ["!pip install x", 1, /execSync\("pip install x"/],
  ['!echo "a b"', 1, /execSync\("echo \\"a b\\""/],
  ["const a = 1;\n  !git log x", 2, /execSync\("git log x"/],
] as const) {
  test(`a magic or shell line has a hint of what to write: ${code}`, () => {
    const question = questionOf(code);
    assert.equal(question?.kind, "hint");
    assert.ok(question?.kind === "hint");
    assert.equal(question.line, line);
    assert.match(question.message, message);
    assert.deepEqual(completenessOf(code), { status: "complete" });
  });
}

for (const code of [
  "!flag",
  "!a && b",
  "!(await ready())",
  "!ls -l",
  "a % b",
  "a\n% b",
  "a ? b : c",
  "a ?? b",
  "x?.y",
  "const f = (a?: number) => a ?? 1;",
  "`\n%time\n`",
  "/* \n!pip install x\n*/",
  "",
]) {
  test(`what parses as TypeScript is no question: ${JSON.stringify(code)}`, () => {
    assert.equal(questionOf(code), undefined);
  });
}

for (const code of ["const = 1;", "f(]", "if (", "a ? b :", "function f() { return x?", "name???", "5?"]) {
  test(`broken code is no question: ${code}`, () => {
    assert.equal(questionOf(code), undefined);
  });
}
