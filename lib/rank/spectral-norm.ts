import { times, withGramProduct } from "../linalg/gram-product";
import { largestEigenvalue } from "../linalg/lanczos";
import { type Operand, type Scaled, scaledOf } from "../linalg/operand";
import { timesPowerOfTwo } from "../linalg/scale";
import { length } from "../linalg/vectors";
import { scaledSingularValues } from "./singular-values";
import { Spectrum } from "./spectrum";

/** Below this least dimension the spectrum itself takes no time. */
const SMALL = 64;
const TOLERANCE = { float32: 1e-5, float64: 1e-9 };

/**
 * The spectral norm ‖a‖₂ = σ₁, the most that a stretches a vector: `numpy.linalg.norm(a, 2)`,
 * `torch.linalg.matrix_norm(a, 2)`. It deliberately differs from WeightWatcher's `spectral_norm`, which is σ₁².
 *
 * By Lanczos's method, from products with a alone: ‖a·v‖, in float64, for a unit vector v. That is not above σ₁, but
 * for rounding. It is not below it by more than 1e-5 of it for a float32 tensor, 1e-9 for a `Matrix`, but for a chance of
 * 1e-9 over the method's random starting vector (see `largestEigenvalue`); nearly always it is off by rounding alone.
 * With TensorFlow the method multiplies in float32 for a tensor: half of its 1e-5 is left to the rounding of these
 * products. Where 200 steps are not enough, and below 64 rows or columns, it is the largest of `singularValues`.
 *
 * @param a [m, n], or its spectrum.
 * @returns At least 0, at most ‖a‖_F.
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
  // Of squares, a width equal to the tolerance is half of it.
  const bracket = withGramProduct(a, (product) => largestEigenvalue(product, size, tolerance));
  if (!bracket) return undefined;
  const norm = length(times(a, bracket.vector, a.rows < a.columns));
  return Math.sqrt(bracket.high) <= norm * (1 + tolerance) ? norm : undefined;
}
