import assert from "node:assert/strict";
import { test } from "node:test";
import { jupyterDisplay } from "../notebook/host";
import { table } from "./table";

const rows = [
  { net: "a<b", accuracy: 0.98123456, epochs: 6 },
  { net: "b", accuracy: -0.5, epochs: 12 },
];

test("a table is HTML with its text escaped, and aligned text", () => {
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

test("a column is formatted by digits or by a function, and an unknown one is refused", () => {
  const text = String(table(rows, { formats: { epochs: (value) => `${value} epochs` } }));
  assert.match(text, /12 epochs/);
  assert.throws(
    () => table(rows, { formats: { loss: 2 } }),
    /no column "loss" to format; there are net, accuracy/,
  );
});

test("no rows, and rows of different columns, are refused", () => {
  assert.throws(() => table([]), /at least one row/);
  assert.throws(() => table([{ a: 1 }, { b: 1 }]), /row 1 has the columns b; expected a/);
});

test("a table goes to danfojs and back", () => {
  const frame = table(rows).dataFrame();
  assert.deepEqual(frame.shape, [2, 3]);
  assert.equal(String(table(frame)), String(table(rows)));
});

test("a table of columns is the table of its rows, and columns of different lengths are refused", () => {
  const columns = { net: ["a<b", "b"], accuracy: Float64Array.of(0.98123456, -0.5), epochs: [6, 12] };
  assert.equal(String(table(columns)), String(table(rows)));
  assert.throws(() => table({ a: [1, 2], b: [1] }), /column "b" has 1 values; expected 2 as of "a"/);
  assert.throws(() => table({}), /at least one row/);
});

test("a column of numbers stays aligned right where one is not finite or missing", () => {
  const text = String(table({ loss: [1.5, Number.NaN, Number.NEGATIVE_INFINITY, null] }));
  assert.equal(text, "     loss\n─────────\n      1.5\n      NaN\n-Infinity\n        –");
});
