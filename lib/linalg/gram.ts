import type { TensorFlowOps, TensorHandle } from "./native-op";
import type { Scaled } from "./operand";

/**
 * The float64 Gram matrix aᵀa, or aaᵀ if that is smaller, as a TensorFlow tensor. Its eigenvalues are the squares of
 * a's singular values. For a float32 matrix only the sums are rounded, since products of float32 numbers are exact in
 * float64.
 */
export class Gram {
  private constructor(
    readonly held: TensorHandle,
    readonly diagonal: Float64Array,
    /** A bound on the rounding error of every eigenvalue, which fails with probability about 1e-13 per entry. */
    readonly rounding: number,
  ) {}

  static of(native: TensorFlowOps, a: Scaled): Gram {
    const tall = a.rows >= a.columns;
    const a64 = native.float64Of(a);
    const flags = { transpose_a: tall, transpose_b: !tall };
    const [held] = native.run("MatMul", [a64, a64], { flags });
    native.release(a64);
    const values = native.diagonalOf(held!);
    const length = Math.max(a.rows, a.columns);
    return new Gram(held!, values, roundoff(length) * sum(values));
  }

  /** ‖a‖²_F, the sum of the eigenvalues. */
  get trace(): number {
    return sum(this.diagonal);
  }

  /** The eigenvalues, smallest first. */
  eigenvalues(native: TensorFlowOps): Float64Array {
    const [values] = native.run("SelfAdjointEigV2", [this.held], { outputs: 2, flags: { compute_v: false } });
    return native.read(values!);
  }
}

/**
 * The bound on the rounding error of a float64 sum of n terms, relative to the sum of their magnitudes: the
 * probabilistic bound λ·√n·u with λ = 8, which fails with probability 2·exp(−λ²/2) (Higham & Mary 2019, A new approach
 * to probabilistic rounding error analysis).
 *
 * @param terms The number of terms n.
 */
export function roundoff(terms: number): number {
  return 8 * Math.sqrt(terms) * 2 ** -53;
}

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
