import assert from "node:assert/strict";
import { test } from "node:test";
import { jupyterDisplay } from "./host";
import { type CellFormat, table } from "./table";

const rows = [
  { net: "a<b", accuracy: 0.98123456, epochs: 6 },
  { net: "b", accuracy: -0.5, epochs: 12 },
];

test("a table displays itself as escaped HTML and as aligned text", () => {
  const bundle = table(rows, { caption: "Nets & accuracy", formats: { accuracy: 3 } })[jupyterDisplay]();
  assert.deepEqual(Object.keys(bundle), ["text/html", "text/plain"]);
  assert.match(
    String(bundle["text/html"]),
    /<caption[^>]*>Nets &amp; accuracy<[\s\S]*>a&lt;b<[\s\S]*right">0.981</,
  );
  assert.equal(
    bundle["text/plain"],
    "Nets & accuracy\nnet  accuracy  epochs\n───  ────────  ──────\na<b     0.981       6\nb        -0.5      12",
  );
});

test("columns can be formatted by a function, and the format of an unknown column is rejected", () => {
  const text = String(table(rows, { formats: { epochs: (value) => `${value} epochs` } }));
  assert.match(text, /12 epochs/);
  assert.throws(
    () => table(rows, { formats: { loss: 2 } }),
    /no column "loss" to format; the columns are net, accuracy/,
  );
});

test("rejects missing rows and rows with different columns", () => {
  assert.throws(() => table([]), /at least one row/);
  assert.throws(() => table([{ a: 1 }, { b: 1 }]), /row 1 has the columns b; expected a/);
});

test("a table converts to a danfojs DataFrame and back", () => {
  const frame = table(rows).dataFrame();
  assert.deepEqual(frame.shape, [2, 3]);
  assert.equal(String(table(frame)), String(table(rows)));
});

test("columns give the same table as rows, and columns of different lengths are rejected", () => {
  const columns = { net: ["a<b", "b"], accuracy: Float64Array.of(0.98123456, -0.5), epochs: [6, 12] };
  assert.equal(String(table(columns)), String(table(rows)));
  assert.throws(() => table({ a: [1, 2], b: [1] }), /column "b" has 1 values; expected 2 as of "a"/);
  assert.throws(() => table({}), /at least one row/);
});

test("a column of numbers is right-aligned even if some are not finite or missing", () => {
  const text = String(table({ loss: [1.5, Number.NaN, Number.NEGATIVE_INFINITY, null] }));
  assert.equal(text, "     loss\n─────────\n      1.5\n      NaN\n-Infinity\n        –");
});

test("columns may be named like properties of every object", () => {
  for (const name of ["constructor", "hasOwnProperty", "__proto__", "toString", "valueOf", "head"]) {
    const [rowOf, expected] = [
      (value: number) => Object.fromEntries([[name, value]]),
      `${name}\n${"─".repeat(name.length)}\n${"1".padStart(name.length)}\n${"2".padStart(name.length)}`,
    ];
    assert.equal(String(table([rowOf(1), rowOf(2)])), expected);
    assert.equal(String(table(Object.fromEntries([[name, [1, 2]]]))), expected);
    const formats = Object.fromEntries([[name, () => "own"]]);
    assert.match(String(table([rowOf(1)], { formats })), /own/);
    assert.throws(() => table([{ a: 1 }], { formats }), new RegExp(`no column "${name}" to format`));
    assert.throws(() => table([rowOf(1), { a: 2 }]), new RegExp(`row 1 has the columns a; expected ${name}`));
  }
});

test("unprintable characters in captions, names and cells are replaced, and line breaks become spaces", () => {
  const bundle = table([{ "\x1b[1m": "\0a\nb\tc" }], { caption: "\ud800" })[jupyterDisplay]();
  assert.equal(bundle["text/plain"], "\uFFFD\n\uFFFD[1m\n──────\n\uFFFDa b c");
  assert.match(
    String(bundle["text/html"]),
    /^<table><caption[^>]*>\uFFFD<.*\n.*\uFFFD\[1m<[\s\S]*>\uFFFDa b c</,
  );
});

test("non-finite numbers are written as such and right-aligned", () => {
  const numbers = [Number.NaN, Infinity, -Infinity, 5e-324, -0];
  const lines = String(table({ a: numbers })).split("\n");
  assert.deepEqual(
    lines.slice(2),
    ["NaN", "Infinity", "-Infinity", "5e-324", "0"].map((text) => text.padStart(9)),
  );
});

test("a table may have 300,000 rows", () => {
  const values = Float64Array.from({ length: 300_000 }, (_, i) => i);
  const text = String(table(Array.from(values, (i) => ({ i }))));
  assert.equal(text.split("\n").length, 300_002);
  assert.ok(text.endsWith("\n299999"));
  assert.equal(table({ i: values }).toHTML().split("<tr>").length, 300_002);
});

test("a number as format means significant digits, and { decimals } means decimals", () => {
  const column = (format: CellFormat) =>
    table({ x: [0.98765, 0.5, 7, 123456.789, Number.NaN] }, { formats: { x: format } }).toString();
  const written = (format: CellFormat) =>
    column(format)
      .split("\n")
      .slice(2)
      .map((line) => line.trim());
  assert.deepEqual(written(3), ["0.988", "0.5", "7", "123000", "NaN"]);
  assert.deepEqual(written({ decimals: 2 }), ["0.99", "0.50", "7.00", "123456.79", "NaN"]);
  assert.deepEqual(
    written((value) => `<${value}>`),
    ["<0.98765>", "<0.5>", "<7>", "<123456.789>", "<NaN>"],
  );
});
