import { tf } from "../backend/tf";
import { largestSingularValue } from "../linalg/lanczos";
import { linearMap } from "../linalg/linear-map";
import { type Operand, shapeOf } from "../linalg/operand";
import { singularValuesFor } from "./singular-values";
import { Spectrum } from "./spectrum";

/** Below this least dimension the spectrum itself takes no time. */
const SMALL = 64;
const TOLERANCE = { float32: 1e-5, float64: 1e-9 };

/**
 * The spectral norm ‖a‖₂ = σ₁, the most that a stretches a vector: `numpy.linalg.norm(a, 2)`,
 * `torch.linalg.matrix_norm(a, 2)`. It deliberately differs from WeightWatcher's `spectral_norm`, which is σ₁².
 *
 * By Lanczos's method, from products with a alone, until the residual is 1e-5 of the value in float32 and 1e-9 in
 * float64. The error is about the square of that over the gap to the next singular value, so rounding, 1e-7 or 1e-15,
 * unless the two all but coincide. Where it takes too long, from the spectrum.
 *
 * @param a [m, n], or its spectrum.
 * @returns At least 0, at most ‖a‖_F.
 * @throws TypeError or RangeError for anything but a matrix of finite numbers.
 */
export function spectralNorm(a: Operand | Spectrum): number {
  if (a instanceof Spectrum) return a.values[0]!;
  const shape = shapeOf(a, "spectralNorm");
  const norm = Math.min(...shape) < SMALL ? undefined : byLanczos(a, shape);
  return norm ?? singularValuesFor(a, "spectralNorm")[0]!;
}

function byLanczos(a: Operand, shape: readonly [number, number]): number | undefined {
  const tolerance = a instanceof tf.Tensor ? TOLERANCE.float32 : TOLERANCE.float64;
  return largestSingularValue(linearMap(a, "spectralNorm"), shape, tolerance);
}
