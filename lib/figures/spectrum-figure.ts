import type { Figure } from "./figure";
import { type LineSeries, lineFigure, type ReferenceLine } from "./line-figure";

/** Singular values, largest first, or what holds them, such as a `Spectrum`. */
export type SpectrumLike = ArrayLike<number> | { values: ArrayLike<number> };

export interface SpectrumFigureOptions {
  title: string;
  /** The spectra by name, such as those of the layers of a net, or of one layer at several times. */
  spectra: Record<string, SpectrumLike>;
  /** What counts as zero, drawn across: singular values up to it. Default: none. */
  tolerance?: number;
  /** Singular values and tolerance are shown over the largest of each spectrum. Default: false. */
  relative?: boolean;
  /** CSS pixels. Default: 720. */
  width?: number;
  /** CSS pixels. Default: 440. */
  height?: number;
}

/**
 * Singular values against their index, from 1, on a log axis, with the tolerance of the rank across. Each name says how
 * many are above it. Zeros have no place on a log axis: the curve ends before them, and the name says how many.
 *
 * @throws RangeError without spectra, for an empty one, and for a singular value or a tolerance that is negative or not
 *   finite.
 *
 * @example
 * spectrumFigure({ title: "Layers", spectra: { W1: spectrum(W1), W2: spectrum(W2) }, tolerance: 1e-3, relative: true });
 */
export function spectrumFigure(options: SpectrumFigureOptions): Figure {
  const { title, spectra, tolerance, relative = false, width, height } = options;
  const names = Object.keys(spectra);
  if (names.length === 0) throw new RangeError("spectrumFigure: expected at least one spectrum, got none");
  if (tolerance !== undefined && !(tolerance >= 0 && Number.isFinite(tolerance))) {
    throw new RangeError(`spectrumFigure: expected a tolerance from 0, got ${tolerance}`);
  }
  const series = names.map((name) => curve(name, valuesOf(name, spectra[name]!, relative), tolerance));
  const line: ReferenceLine = { y: tolerance, label: `tolerance ${tolerance}` };
  return lineFigure({
    title,
    x: { label: "index", range: [1, Math.max(2, ...series.map(({ y }) => y.length))] },
    y: { label: relative ? "singular value / the largest" : "singular value", type: "log" },
    series,
    references: tolerance ? [line] : [],
    legend: "right",
    width,
    height,
  });
}

function valuesOf(name: string, spectrum: SpectrumLike, relative: boolean): number[] {
  const values = Array.from(
    "values" in spectrum && typeof spectrum.values !== "function"
      ? spectrum.values
      : (spectrum as ArrayLike<number>),
  );
  if (values.length === 0) throw new RangeError(`spectrumFigure: spectrum "${name}" is empty`);
  const bad = values.find((value) => !(value >= 0 && Number.isFinite(value)));
  if (bad !== undefined) {
    throw new RangeError(`spectrumFigure: spectrum "${name}" holds ${bad}, expected numbers from 0`);
  }
  const largest = Math.max(...values);
  return relative && largest > 0 ? values.map((value) => value / largest) : values;
}

function curve(name: string, values: number[], tolerance: number | undefined): LineSeries {
  const positive = values.filter((value) => value > 0);
  const zeros = values.length - positive.length;
  const notes = [
    ...(tolerance === undefined ? [] : [`rank ${values.filter((value) => value > tolerance).length}`]),
    ...(zeros > 0 ? [`${zeros} zero`] : []),
  ];
  return {
    name: [name, ...notes].join(", "),
    x: positive.map((_, i) => i + 1),
    y: positive,
    markers: positive.length <= 30,
  };
}
