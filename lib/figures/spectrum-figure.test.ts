import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "ml-matrix";
import { spectrum } from "../rank/spectrum";
import { spectrumFigure } from "./spectrum-figure";

const title = "t";

test("spectrumFigure draws singular values from index 1 on a log axis, with the tolerance across", () => {
  const spectra = { diagonal: spectrum(Matrix.diag([8, 4, 2, 1])), listed: [3, 1e-4] };
  const { data, layout } = spectrumFigure({ title, spectra, tolerance: 1.5 });
  assert.deepEqual(
    data.map(({ name, x, y }) => [name, x, y]),
    [
      ["diagonal, rank 3", [1, 2, 3, 4], [8, 4, 2, 1]],
      ["listed, rank 1", [1, 2], [3, 1e-4]],
    ],
  );
  assert.equal((layout.yaxis as { type: string }).type, "log");
  const [line] = layout.shapes as { y0: number; y1: number }[];
  assert.deepEqual([line!.y0, line!.y1], [1.5, 1.5]);
});

test("spectrumFigure divides each spectrum by its largest, and says how many zeros a curve leaves out", () => {
  const { data } = spectrumFigure({ title, spectra: { W: [10, 5, 0, 0] }, relative: true, tolerance: 0.7 });
  assert.deepEqual([data[0]!.name, data[0]!.y], ["W, rank 1, 2 zero", [1, 0.5]]);
});

test("spectrumFigure refuses no spectra, an empty one, and what is no singular value or tolerance", () => {
  assert.throws(() => spectrumFigure({ title, spectra: {} }), /at least one spectrum, got none/);
  assert.throws(() => spectrumFigure({ title, spectra: { W: [] } }), /spectrum "W" is empty/);
  for (const bad of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => spectrumFigure({ title, spectra: { W: [1, bad] } }), /spectrum "W" holds/);
    assert.throws(
      () => spectrumFigure({ title, spectra: { W: [1] }, tolerance: bad }),
      /expected a tolerance from 0, got/,
    );
  }
});
