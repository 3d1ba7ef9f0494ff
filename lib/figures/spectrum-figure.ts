import { requireNumber } from "../checks/check-range";
import { ownValue } from "../display/own-value";
import type { Figure } from "./figure";
import { extent } from "./json";
import { type Dash, type LineSeries, lineFigure } from "./line-figure";
import { PALETTE, REFERENCE_COLOR } from "./theme";

/** Singular values, largest first, or what holds them, such as a `Spectrum`. */
export type SpectrumLike = ArrayLike<number> | { values: ArrayLike<number> };

/** Options of `spectrumFigure`. */
export interface SpectrumFigureOptions {
  title: string;
  /** The spectra by name, such as those of the layers of a net, or of one layer at several times. */
  spectra: Record<string, SpectrumLike>;
  /**
   * The greatest singular value that counts as zero: one for all, or one by each name. Default: none. With `relative`
   * it is over the largest, too.
   */
  tolerance?: number | Record<string, number>;
  /** Singular values are shown over the largest of each spectrum. Default: false. */
  relative?: boolean;
  /** CSS pixels. Default: 720. */
  width?: number;
  /** CSS pixels. Default: 440. */
  height?: number;
}

/** Up to this many singular values are marked one by one. */
const MARKED = 30;
/** Spectra beyond the palette's colours differ by these. */
const DASHES: Dash[] = ["solid", "dot", "dashdot"];

/**
 * Singular values against their index, from 1, on a log axis, with the tolerance of the rank across: one in grey, named
 * in the legend, or each spectrum's in its colour. Each name says how many are above it. Zeros have no place on a log
 * axis: the curve ends before them, the index goes on, and the name says how many.
 *
 * @throws RangeError without spectra, for an empty one, for a singular value or a tolerance that is negative or not
 *   finite, and for a spectrum without a tolerance where others have one.
 *
 * @example
 * spectrumFigure({ title: "Layers", spectra: { W1: spectrum(W1), W2: spectrum(W2) }, tolerance: 1e-3, relative: true });
 */
export function spectrumFigure(options: SpectrumFigureOptions): Figure {
  const { title, spectra, tolerance, relative = false, width, height } = options;
  const names = Object.keys(spectra);
  if (names.length === 0) throw new RangeError("spectrumFigure: expected at least one spectrum, got none");
  const all = names.map((name) => valuesOf(name, spectra[name]!, relative));
  const tolerances = names.map((name) => toleranceOf(name, tolerance));
  const count = largestOf(all.map(({ length }) => length));
  const ends: [number, number] = [0.5, count + 0.5];
  const curves = names.map((name, i) => {
    const label = [name, ...notes(all[i]!, tolerances[i], typeof tolerance === "object")].join(", ");
    return curve(label, all[i]!, i, count <= MARKED);
  });
  const across = (value: number): LineSeries => ({
    name: `tolerance ${written(value)}`,
    x: ends,
    y: [value, value],
    color: REFERENCE_COLOR,
    dash: "dash",
    markers: false,
  });
  const lines =
    typeof tolerance === "object"
      ? tolerances.map((value, i) => ({ ...across(value!), color: colorOf(i), inLegend: false }))
      : [across(tolerance ?? 0)];
  const series = [...curves, ...lines.filter(({ y }) => y[0]! > 0)];
  return lineFigure({
    title,
    x: { label: "index", range: ends, ...(count <= 10 && { step: 1 }) },
    y: {
      label: relative ? "singular value / the largest" : "singular value",
      type: "log",
      ...(!all.flat().some((value) => value > 0) && { range: aroundAll(tolerances) }),
    },
    series,
    legend: "right",
    width,
    height,
  });
}

/** A range for zero matrices, of whose spectra only the tolerances have a place on the axis. */
function aroundAll(tolerances: (number | undefined)[]): [number, number] {
  const positive = tolerances.filter((value): value is number => value !== undefined && value > 0);
  const [least, greatest] = extent(positive) ?? [1, 1];
  return [Math.max(least / 10, Number.MIN_VALUE), Math.min(greatest * 10, Number.MAX_VALUE)];
}

function toleranceOf(name: string, tolerance: SpectrumFigureOptions["tolerance"]): number | undefined {
  if (tolerance === undefined) return undefined;
  const value = typeof tolerance === "object" ? ownValue(tolerance, name) : tolerance;
  requireNumber(`spectrumFigure: the tolerance of "${name}"`, value, "[0, ∞)");
  return value;
}

function valuesOf(name: string, spectrum: SpectrumLike, relative: boolean): number[] {
  const values = Array.from(
    "values" in spectrum && typeof spectrum.values !== "function"
      ? spectrum.values
      : (spectrum as ArrayLike<number>),
  );
  if (values.length === 0) throw new RangeError(`spectrumFigure: spectrum "${name}" is empty`);
  for (const value of values) requireNumber(`spectrumFigure: a value of "${name}"`, value, "[0, ∞)");
  const largest = largestOf(values);
  return relative && largest > 0 ? values.map((value) => value / largest) : values;
}

function largestOf(values: number[]): number {
  return extent(values)![1];
}

function notes(values: number[], tolerance: number | undefined, isOwn: boolean): string[] {
  const zeros = values.filter((value) => value === 0).length;
  const rank = (above: number) => `rank ${values.filter((value) => value > above).length}`;
  return [
    ...(tolerance === undefined ? [] : [`${rank(tolerance)}${isOwn ? ` above ${written(tolerance)}` : ""}`]),
    ...(zeros > 0 ? [`${zeros} zero`] : []),
  ];
}

/** Zeros are gaps, so that a spectrum of nothing else keeps its place in the legend. */
function curve(name: string, values: number[], index: number, isMarked: boolean): LineSeries {
  const isPoint = values.filter((value) => value > 0).length === 1;
  return {
    name,
    x: values.map((_, i) => i + 1),
    y: values.map((value) => (value > 0 ? value : Number.NaN)),
    color: colorOf(index),
    dash: DASHES[Math.floor(index / PALETTE.length) % DASHES.length],
    markers: isMarked || isPoint,
  };
}

const colorOf = (index: number) => PALETTE[index % PALETTE.length]!;

/** Three digits at most; below 0.001 and from 100,000 with a power of ten, as on the axis. */
function written(value: number): string {
  const [digits, exponent] = value.toExponential(2).split("e") as [string, string];
  const short = Number(digits);
  if (value === 0 || (value >= 1e-3 && value < 1e5)) return String(Number(value.toPrecision(3)));
  const power = `10<sup>${String(Number(exponent)).replace("-", "−")}</sup>`;
  return short === 1 ? power : `${short} × ${power}`;
}
