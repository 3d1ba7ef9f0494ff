import { type Operand, scaledOf } from "../linalg/operand";
import { allTimesPowerOfTwo, timesPowerOfTwo } from "../linalg/scale";
import { scaledSingularValues } from "./singular-values";

/** Singular values up to the larger of atol and rtol · the largest count as zero. */
export interface Tolerances {
  atol: number;
  rtol: number;
}

/** The singular values of a matrix, its shape and its type, computed once for several metrics. */
export class Spectrum {
  /** min(m, n) singular values, largest first, in the type of the matrix. */
  readonly values: Float32Array | Float64Array;

  /**
   * @param scaled The singular values over 2^exponent, largest first, in the type of the matrix.
   * @param shape The matrix's, [m, n].
   * @param exponent For values near the ends of their type's range. Default: 0.
   */
  constructor(
    private readonly scaled: Float32Array | Float64Array,
    readonly shape: readonly [number, number],
    private readonly exponent = 0,
  ) {
    this.values = allTimesPowerOfTwo(scaled, exponent);
  }

  /** The type of the matrix, on which the default tolerance of its rank depends. */
  get dtype(): "float32" | "float64" {
    return this.values instanceof Float32Array ? "float32" : "float64";
  }

  /** The largest singular value, also where it is beyond float32. */
  get largest(): number {
    return timesPowerOfTwo(this.scaled[0]!, this.exponent);
  }

  /** How many singular values are above a tolerance. */
  countAbove({ atol, rtol }: Tolerances): number {
    return countAbove(this.scaled, { atol: timesPowerOfTwo(atol, -this.exponent), rtol });
  }

  /**
   * The singular values over the largest, in float64; all zero for a zero matrix. Metrics that do not change with the
   * scale are computed from these, whose squares cannot overflow.
   */
  relative(): Float64Array {
    const largest = this.scaled[0]!;
    return Float64Array.from(this.scaled, (value) => (largest > 0 ? value / largest : 0));
  }
}

/** How many of the values, largest first, are above a tolerance. */
export function countAbove(values: Float32Array | Float64Array, { atol, rtol }: Tolerances): number {
  const threshold = Math.max(atol, rtol * values[0]!);
  return values.filter((value) => value > threshold).length;
}

/**
 * The spectrum of a matrix, for several metrics at the price of one.
 *
 * @example
 * const s = spectrum(weights);
 * console.log(matrixRank(s), stableRank(s), effectiveRank(s));
 *
 * @param a [m, n], a float32 tensor or a float64 `Matrix`.
 * @throws TypeError or RangeError for anything but a matrix of finite numbers.
 */
export function spectrum(a: Operand): Spectrum {
  return spectrumOf(a, "spectrum");
}

/** A spectrum as it is, or that of a matrix, for `caller`, as the errors name it. */
export function spectrumOf(a: Operand | Spectrum, caller: string): Spectrum {
  if (a instanceof Spectrum) return a;
  const scaled = scaledOf(a, caller);
  return new Spectrum(scaledSingularValues(scaled), [scaled.rows, scaled.columns], scaled.exponent);
}
