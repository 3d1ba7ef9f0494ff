import { requireNumber } from "../checks/check-range";
import { ownValue } from "../display/own-value";
import type { Figure, FigureOptions } from "./figure";
import { extent } from "./json";
import { lineFigure } from "./line-figure";
import type { Dash, LineSeries } from "./line-series";
import { PALETTE, REFERENCE_COLOR } from "./theme";

/** Singular values, largest first, or an object that has them as `values`, such as a `Spectrum`. */
export type SpectrumLike = ArrayLike<number> | { values: ArrayLike<number> };

/** Options of `spectrumFigure`. */
export interface SpectrumFigureOptions extends FigureOptions {
  title: string;
  /** The spectra by name, such as those of a network's layers, or of one layer at several times. */
  spectra: Record<string, SpectrumLike>;
  /**
   * The largest singular value ≥ 0 that counts as zero, for all spectra or for each by name; with `relative`, as a
   * fraction of the largest. Default: none.
   */
  tolerance?: number | Record<string, number>;
  /** Whether singular values are divided by the largest of their spectrum. Default: false. */
  relative?: boolean;
  /** The width of the figure in CSS pixels. Default: 720. */
  width?: number;
  /** The height of the figure in CSS pixels. Default: 440. */
  height?: number;
}

/** The largest number of singular values that are drawn with markers. */
const MARKED = 30;
/** The dash patterns that distinguish spectra beyond the number of the palette's colours. */
const DASHES: Dash[] = ["solid", "dot", "dashdot"];

/**
 * Draws singular values against their index ≥ 1 on a log axis, with the tolerance of the rank as a horizontal line: a
 * common one in grey, or each spectrum's in its colour. The legend gives the number of singular values above the
 * tolerance. A log axis omits zeros, which the legend counts.
 *
 * @returns The figure.
 * @throws RangeError if there are no spectra, one is empty, a singular value or a tolerance is negative or not finite,
 *   or a spectrum lacks a tolerance while others have one.
 *
 * @example spectrumFigure({ title: "Layers", spectra: { W1: spectrum(W1), W2: spectrum(W2) }, tolerance: 1e-3,
 *   relative: true });
 */
export function spectrumFigure(options: SpectrumFigureOptions): Figure {
  const { title, spectra, tolerance, relative = false, width, height, alt } = options;
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
  const across = (value: number): LineSeries & { y: number[] } => ({
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
    alt,
  });
}

/** The range of the axis for zero matrices, of which a log axis can show only the tolerances. */
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

/** The curve of a spectrum, with zeros as gaps, so that even an all-zero spectrum appears in the legend. */
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

/** Formats a number with at most three digits and, outside [0.001, 100,000), with a power of ten, as on the axis. */
function written(value: number): string {
  const [digits, exponent] = value.toExponential(2).split("e") as [string, string];
  const short = Number(digits);
  if (value === 0 || (value >= 1e-3 && value < 1e5)) return String(Number(value.toPrecision(3)));
  const power = `10<sup>${String(Number(exponent)).replace("-", "−")}</sup>`;
  return short === 1 ? power : `${short} × ${power}`;
}
