import { type Operand, shapeOf } from "../linalg/operand";
import { singularValuesFor } from "./singular-values";

/** The singular values of a matrix with what the metrics need to know of it: made once, shared by all of them. */
export class Spectrum {
  /**
   * @param values min(m, n) singular values, largest first, in the type of the matrix.
   * @param shape The matrix's, [m, n].
   */
  constructor(
    readonly values: Float32Array | Float64Array,
    readonly shape: readonly [number, number],
  ) {}

  /** The type of the matrix, on which the default tolerance of its rank depends. */
  get dtype(): "float32" | "float64" {
    return this.values instanceof Float32Array ? "float32" : "float64";
  }

  /**
   * The singular values over the largest, in float64; all zero for a zero matrix. Metrics that do not change with the
   * scale are computed from these, whose squares cannot overflow.
   */
  relative(): Float64Array {
    const largest = this.values[0]!;
    return Float64Array.from(this.values, (value) => (largest > 0 ? value / largest : 0));
  }
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
  return new Spectrum(singularValuesFor(a, caller), shapeOf(a, caller));
}
