import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "ml-matrix";
import { spectrum } from "../rank/spectrum";
import { spectrumFigure } from "./spectrum-figure";

const title = "t";

test("spectrumFigure draws singular values from index 1 on a log axis with the tolerance as a horizontal line", () => {
  const spectra = { diagonal: spectrum(Matrix.diag([8, 4, 2, 1])), listed: [3, 1e-4] };
  const { data, layout } = spectrumFigure({ title, spectra, tolerance: 1.5 });
  assert.deepEqual(
    data.map(({ name, x, y }) => [name, x, y]),
    [
      ["diagonal, rank 3", [1, 2, 3, 4], [8, 4, 2, 1]],
      ["listed, rank 1", [1, 2], [3, 1e-4]],
      ["tolerance 1.5", [0.5, 4.5], [1.5, 1.5]],
    ],
  );
  assert.equal((layout.yaxis as { type: string }).type, "log");
});

test("with relative, values are divided by the largest; the legend counts the omitted zeros", () => {
  const { data } = spectrumFigure({ title, spectra: { W: [10, 5, 0, 0] }, relative: true, tolerance: 0.7 });
  assert.deepEqual([data[0]!.name, data[0]!.y], ["W, rank 1, 2 zero", [1, 0.5, null, null]]);
});

test("a zero matrix appears in the legend, and the axis covers the tolerance", () => {
  const { data, layout } = spectrumFigure({ title, spectra: { W: [0, 0] }, tolerance: 0.01 });
  assert.deepEqual([data[0]!.name, data[0]!.y], ["W, rank 0, 2 zero", [null, null]]);
  const { range } = layout.yaxis as { range: number[] };
  assert.deepEqual(
    range.map((exponent) => Math.round(exponent * 1e9) / 1e9),
    [-3, -1],
  );
});

test("a spectrum's own tolerance is drawn in its colour and written in its legend entry", () => {
  const tolerance = { a: 2.5e-5, b: 1e-4 };
  const { data } = spectrumFigure({ title, spectra: { a: [1, 1e-5], b: [2, 1] }, tolerance });
  const [a, b, ofA, ofB] = data as { name: string; y: number[]; line: { color: string; dash: string } }[];
  assert.deepEqual(
    [a!.name, b!.name],
    ["a, rank 1 above 2.5 × 10<sup>−5</sup>", "b, rank 2 above 10<sup>−4</sup>"],
  );
  assert.deepEqual([ofA!.y, ofB!.y], [Array(2).fill(2.5e-5), Array(2).fill(1e-4)]);
  assert.deepEqual([ofA!.line.color, ofB!.line.color], [a!.line.color, b!.line.color]);
  assert.deepEqual([ofA!.line.dash, a!.line.dash], ["dash", "solid"]);
});

test("fourteen spectra have distinct line styles", () => {
  const spectra = Object.fromEntries(Array.from({ length: 14 }, (_, i) => [`epoch ${i}`, [2, 1]]));
  const looks = spectrumFigure({ title, spectra }).data.map(({ line }) => JSON.stringify(line));
  assert.equal(new Set(looks).size, 14);
});

test("spectrumFigure rejects missing or empty spectra and invalid singular values or tolerances", () => {
  assert.throws(() => spectrumFigure({ title, spectra: {} }), /at least one spectrum, got none/);
  assert.throws(() => spectrumFigure({ title, spectra: { W: [] } }), /spectrum "W" is empty/);
  const spectra = { W: [1], V: [1] };
  assert.throws(
    () => spectrumFigure({ title, spectra, tolerance: { W: 1 } }),
    /the tolerance of "V" is undefined, expected a number in \[0, ∞\)/,
  );
  for (const bad of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(
      () => spectrumFigure({ title, spectra: { W: [1, bad] } }),
      /a value of "W" is .*, expected/,
    );
    assert.throws(
      () => spectrumFigure({ title, spectra: { W: [1] }, tolerance: bad }),
      /the tolerance of "W" is .*, expected a number in \[0, ∞\)/,
    );
  }
});

test("the axis of a zero matrix is finite for the smallest and the largest possible tolerance", () => {
  for (const tolerance of [Number.MIN_VALUE, Number.MAX_VALUE]) {
    const { layout } = spectrumFigure({ title: "t", spectra: { W: [0, 0] }, tolerance });
    assert.ok((layout.yaxis as { range: number[] }).range.every(Number.isFinite));
  }
});
