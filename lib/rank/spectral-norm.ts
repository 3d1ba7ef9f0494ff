import { times, withGramProduct } from "../linalg/gram-product";
import { largestEigenvalue } from "../linalg/lanczos";
import { type Operand, type Scaled, scaledOf } from "../linalg/operand";
import { timesPowerOfTwo } from "../linalg/scale";
import { length } from "../linalg/vectors";
import { scaledSingularValues } from "./singular-values";
import { Spectrum } from "./spectrum";

/** Below this least dimension computing the spectrum itself is fast enough. */
const SMALL = 64;
const TOLERANCE = { float32: 1e-5, float64: 1e-9 };

/**
 * The spectral norm ‖a‖₂ = σ₁, the largest factor by which a stretches a vector: `numpy.linalg.norm(a, 2)`,
 * `torch.linalg.matrix_norm(a, 2)`. It deliberately differs from WeightWatcher's `spectral_norm`, which is σ₁².
 *
 * Lanczos's method finds a unit vector v from products with a alone, and the norm is ‖a·v‖ in float64. Up to rounding
 * it is at most σ₁, and its relative error is below 1e-5 for a float32 tensor and 1e-9 for a `Matrix`, except with
 * probability 1e-9 over the random starting vector (see `largestEigenvalue`); usually it is exact up to rounding. For a
 * tensor with TensorFlow the products are in float32, whose rounding is allowed half of the 1e-5. If 200 steps do not
 * suffice, or below 64 rows or columns, the result is the largest of `singularValues`.
 *
 * @param a The matrix [m, n], or its spectrum.
 * @returns A number ≥ 0.
 * @throws TypeError or RangeError for anything but a matrix of finite numbers.
 */
export function spectralNorm(a: Operand | Spectrum): number {
  if (a instanceof Spectrum) return a.largest;
  const scaled = scaledOf(a, "spectralNorm");
  const norm = byLanczos(scaled) ?? scaledSingularValues(scaled)[0]!;
  return timesPowerOfTwo(norm, scaled.exponent);
}

function byLanczos(a: Scaled): number | undefined {
  const size = Math.min(a.rows, a.columns);
  if (size < SMALL) return undefined;
  const tolerance = a.values instanceof Float32Array ? TOLERANCE.float32 : TOLERANCE.float64;
  // The bracket is of σ₁², so a relative width equal to the tolerance is half of it for σ₁.
  const bracket = withGramProduct(a, (product) => largestEigenvalue(product, size, tolerance));
  if (!bracket) return undefined;
  const norm = length(times(a, bracket.vector, a.rows < a.columns));
  return Math.sqrt(bracket.high) <= norm * (1 + tolerance) ? norm : undefined;
}
