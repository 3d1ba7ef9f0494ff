import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, type TestContext, test } from "node:test";
import type { FinishedRun } from "./finished-run";
import { findCommitted, readRecord, runFiles, writeRecord } from "./record";
import { keyOf } from "./run-key";

const folder = mkdtempSync(join(tmpdir(), "record-"));
after(() => rmSync(folder, { recursive: true }));

const experiment = { notebook: "99-test", version: 1, data: ["a digest"], settings: {} };
const configOf = (seed: number) => ({ seed, most: Number.POSITIVE_INFINITY, widths: [2, 3] });
const runOf = (seed: number): FinishedRun<Record<string, number | number[]>> => ({
  name: `seed ${seed}`,
  config: configOf(seed),
  history: [
    { step: 1, loss: 0.5, rank: 12 },
    { step: 2, loss: 0.25, rank: 11 },
  ],
  final: { loss: 0.125, ranks: [3, 2] },
  log: ["began", "é\u2028"],
  key: keyOf(configOf(seed), experiment),
  code: "abc",
  backend: "none",
  seconds: 1.5,
});
const pathOf = (seed: number) => runFiles(folder, "99-test", runOf(seed).key).record;
const find = (seed: number) => readRecord(pathOf(seed), runOf(seed).key, configOf(seed));

/** A record as `writeRecord` writes it, of any content. */
const withHash = (run: unknown) => {
  const sha256 = createHash("sha256").update(JSON.stringify(run)).digest("hex");
  return JSON.stringify({ ...(run as object), sha256 });
};

/** What a content of the record of seed 1 is found as, and the warnings. */
function foundWith(content: string | Uint8Array, { mock }: TestContext) {
  mkdirSync(dirname(pathOf(1)), { recursive: true });
  writeFileSync(pathOf(1), content);
  const warn = mock.method(console, "warn", () => {});
  const found = find(1);
  const warnings = warn.mock.calls.map(({ arguments: [line] }) => String(line));
  warn.mock.restore();
  return { found, warnings };
}

/** Asserts that a content of the record is set aside, with one warning of its path and the reason. */
function assertSetAside(content: string | Uint8Array, context: TestContext, reason = /./): void {
  const { found, warnings } = foundWith(content, context);
  assert.equal(found, undefined, `believed ${content}`);
  assert.equal(warnings.length, 1);
  assert.ok(warnings[0]!.includes(`the record ${pathOf(1)} cannot be used`), warnings[0]);
  assert.match(warnings[0]!, reason);
  assert.deepEqual(readFileSync(`${pathOf(1)}.damaged`), Buffer.from(content));
  assert.equal(find(1), undefined);
}

test("a record is found as it was written, with numbers in its configuration that JSON does not hold", () => {
  writeRecord(pathOf(1), runOf(1));
  assert.deepEqual(find(1), runOf(1));
  assert.equal(find(2), undefined);
});

test("a record in which any byte was changed, or that was cut anywhere, is set aside", (context) => {
  writeRecord(pathOf(1), runOf(1));
  const bytes = readFileSync(pathOf(1));
  const content = bytes.length - 1; // a newline follows
  for (let i = 0; i < content; i++) {
    const changed = Buffer.from(bytes);
    changed[i]! ^= 1 << (i % 7);
    assertSetAside(changed, context);
    if (i % 9 === 0) assertSetAside(bytes.subarray(0, i), context);
  }
});

test("JSON that is no record is set aside, and so is a record without a hash", (context) => {
  for (const text of ["[]", "{}", "42", "null", '"text"', "[[]]", JSON.stringify(runOf(1))]) {
    assertSetAside(text, context, /its sha256 is undefined, expected/);
  }
  assertSetAside("", context, /JSON/);
  assertSetAside("{", context, /JSON/);
});

test("the record of one seed under the name of another is set aside, and so is one of another configuration", (context) => {
  writeRecord(pathOf(2), runOf(2));
  renameSync(pathOf(2), pathOf(1));
  assertSetAside(readFileSync(pathOf(1)), context, /its key is \w+, expected \w+/);
  const other = { ...runOf(1), config: { ...configOf(1), widths: [3, 2] } };
  assertSetAside(withHash(other), context, /its configuration is .*\[3,2\].*, expected .*\[2,3\]/);
});

test("a record of a wrong shape is set aside with the first place that is wrong", (context) => {
  const wrong: [object, RegExp][] = [
    [{ name: 5 }, /name is 5, expected a text/],
    [{ config: [] }, /config is \[\], expected an object/],
    [{ history: {} }, /history is \{\}, expected a list/],
    [{ history: [[1, 2]] }, /history\[0\] is \[1,2\], expected an object/],
    [{ history: [{ loss: 1 }] }, /history\[0\]\.step is undefined, expected a finite number/],
    [{ history: [{ step: 1 }, { step: 2, loss: null }] }, /history\[1\]\.loss is null/],
    [{ history: [{ step: 1, loss: "0.5" }] }, /history\[0\]\.loss is "0.5"/],
    [{ final: null }, /final is null/],
    [{ final: { loss: true } }, /final\.loss is true/],
    [{ final: { ranks: [1, null] } }, /final\.ranks\[1\] is null/],
    [{ log: "began" }, /log is "began", expected a list/],
    [{ log: [1] }, /log\[0\] is 1, expected a text/],
    [{ seconds: -1 }, /seconds is -1, expected 0 or more/],
    [{ seconds: undefined }, /seconds is undefined/],
    [{ backend: undefined }, /backend is undefined/],
  ];
  for (const [part, reason] of wrong) assertSetAside(withHash({ ...runOf(1), ...part }), context, reason);
});

test("a run with a number that JSON does not hold is not written", () => {
  const diverged = { ...runOf(3), history: [{ step: 1, loss: Number.NaN }] };
  assert.throws(
    () => writeRecord(pathOf(3), diverged),
    /history\[0\]\.loss is NaN, expected a finite number/,
  );
  assert.equal(find(3), undefined);
});

test("a folder in the place of a record is set aside", (context) => {
  mkdirSync(pathOf(4), { recursive: true });
  const warn = context.mock.method(console, "warn", () => {});
  assert.equal(find(4), undefined);
  assert.match(String(warn.mock.calls[0]?.arguments[0]), /EISDIR/);
  assert.ok(readdirSync(dirname(pathOf(4))).includes(`${runOf(4).key}.json.damaged`));
});

test("a committed run is found by its key, unless its shape or configuration is wrong", ({ mock }) => {
  const warn = mock.method(console, "warn", () => {});
  const { key, config, ...rest } = runOf(1);
  const path = join(folder, "results.json");
  const findIn = (content: string) => {
    rmSync(path, { force: true });
    writeFileSync(path, content);
    return findCommitted(path, key, config);
  };
  const others = [null, { ...runOf(2) }, { name: "no key" }];
  assert.deepEqual(findIn(JSON.stringify({ runs: [...others, runOf(1)] })), runOf(1));
  assert.equal(findIn(JSON.stringify({ runs: others })), undefined);
  assert.equal(warn.mock.callCount(), 0);
  const reasons: [string, RegExp][] = [
    [JSON.stringify({ runs: [{ ...runOf(1), history: 5 }] }), /the run \w+ of .*results\.json.*history is 5/],
    [JSON.stringify({ runs: [{ ...rest, key, config: configOf(2) }] }), /its configuration is/],
    ['{"runs": [', /results\.json cannot be used: .*JSON/],
    ["[]", /it has no list of runs/],
    ["null", /it has no list of runs/],
  ];
  for (const [content, reason] of reasons) {
    assert.equal(findIn(content), undefined);
    assert.match(String(warn.mock.calls.at(-1)?.arguments[0]), reason);
  }
  assert.equal(warn.mock.callCount(), reasons.length);
});
