import { type Operand, scaledOf } from "../linalg/operand";
import { allTimesPowerOfTwo, timesPowerOfTwo } from "../linalg/scale";
import { scaledSingularValues } from "./singular-values";

/** Tolerances: singular values up to max(atol, rtol · the largest) count as zero. */
export interface Tolerances {
  atol: number;
  rtol: number;
}

/** The singular values of a matrix with its shape and type, computed once for several metrics. */
export class Spectrum {
  /** The min(m, n) singular values, largest first, in the matrix's type. */
  readonly values: Float32Array | Float64Array;

  /**
   * @param scaled The singular values divided by 2^exponent, largest first, in the matrix's type.
   * @param shape The matrix's shape [m, n].
   * @param exponent An integer that keeps the squares of the scaled values within the type's range. Default: 0.
   */
  constructor(
    private readonly scaled: Float32Array | Float64Array,
    readonly shape: readonly [number, number],
    private readonly exponent = 0,
  ) {
    this.values = allTimesPowerOfTwo(scaled, exponent);
  }

  /** The matrix's type, on which the default tolerance of `matrixRank` depends. */
  get dtype(): "float32" | "float64" {
    return this.values instanceof Float32Array ? "float32" : "float64";
  }

  /** The largest singular value as a float64 number, even if it exceeds float32. */
  get largest(): number {
    return timesPowerOfTwo(this.scaled[0]!, this.exponent);
  }

  /** The number of singular values above max(atol, rtol · the largest). */
  countAbove({ atol, rtol }: Tolerances): number {
    return countAbove(this.scaled, { atol: timesPowerOfTwo(atol, -this.exponent), rtol });
  }

  /**
   * The singular values divided by the largest, in float64; all zero for a zero matrix. Scale-invariant metrics are
   * computed from these, whose squares cannot overflow.
   */
  relative(): Float64Array {
    const largest = this.scaled[0]!;
    return Float64Array.from(this.scaled, (value) => (largest > 0 ? value / largest : 0));
  }
}

/** The number of values, sorted largest first, above max(atol, rtol · the largest). */
export function countAbove(values: Float32Array | Float64Array, { atol, rtol }: Tolerances): number {
  const threshold = Math.max(atol, rtol * values[0]!);
  return values.filter((value) => value > threshold).length;
}

/**
 * Computes the singular values of a matrix once for use by several metrics.
 *
 * @example
 * const s = spectrum(weights);
 * console.log(matrixRank(s), stableRank(s), effectiveRank(s));
 *
 * @param a The matrix [m, n], a float32 tensor or a float64 `Matrix`.
 * @throws TypeError or RangeError for anything but a matrix of finite numbers.
 */
export function spectrum(a: Operand): Spectrum {
  return spectrumOf(a, "spectrum");
}

/**
 * Returns a spectrum unchanged, or computes that of a matrix.
 *
 * @param caller The name with which errors begin.
 */
export function spectrumOf(a: Operand | Spectrum, caller: string): Spectrum {
  if (a instanceof Spectrum) return a;
  const scaled = scaledOf(a, caller);
  return new Spectrum(scaledSingularValues(scaled), [scaled.rows, scaled.columns], scaled.exponent);
}
