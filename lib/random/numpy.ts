import { Mt19937 } from "./mt19937";
import { sizeOf } from "./shape";

/**
 * NumPy's legacy random generator, `numpy.random.RandomState(seed)`, which is also the stream of
 * `numpy.random.seed(seed)` followed by `numpy.random.rand` and `randn`.
 *
 * `rand` agrees with NumPy bit for bit. `randn` draws the same uniforms and differs in the last bits of about 3
 * normals in 100 (by at most 4.4e-16 of their value), because V8's logarithm, the same on every platform, rounds
 * differently from the C library's that NumPy calls, which itself varies between platforms.
 *
 * Departures from NumPy: numbers are returned as a flat array in row-major order, and an empty shape gives an array of
 * one number.
 *
 * @example
 * const random = new RandomState(0);
 * const W = Matrix.from1DArray(10, 100, random.randn(10, 100));
 */
export class RandomState {
  private readonly generator: Mt19937;
  /** The second normal of a pair, kept for the next draw, or null. */
  private spare: number | null = null;

  /**
   * @param seed An integer in [0, 2³² − 1].
   * @throws RangeError for another seed.
   */
  constructor(seed: number) {
    this.generator = new Mt19937(seed);
  }

  /**
   * Draws uniform numbers in [0, 1), multiples of 2⁻⁵³: `RandomState.rand`.
   *
   * @param shape Integers ≥ 0.
   * @throws RangeError for another shape.
   */
  rand(...shape: number[]): Float64Array {
    return new Float64Array(sizeOf(shape)).map(() => this.uniform());
  }

  /**
   * Draws standard normal numbers by Marsaglia's polar method: `RandomState.randn`.
   *
   * @param shape Integers ≥ 0.
   * @throws RangeError for another shape.
   */
  randn(...shape: number[]): Float64Array {
    return new Float64Array(sizeOf(shape)).map(() => this.normal());
  }

  /** A uniform number of 53 random bits, 27 high and 26 low, times 2⁻⁵³. */
  private uniform(): number {
    const high = this.generator.next() >>> 5;
    const low = this.generator.next() >>> 6;
    return (high * 2 ** 26 + low) * 2 ** -53;
  }

  private normal(): number {
    if (this.spare !== null) {
      const { spare } = this;
      this.spare = null;
      return spare;
    }
    let x1: number;
    let x2: number;
    let r2: number;
    do {
      x1 = 2 * this.uniform() - 1;
      x2 = 2 * this.uniform() - 1;
      r2 = x1 * x1 + x2 * x2;
    } while (r2 >= 1 || r2 === 0);
    const scale = Math.sqrt((-2 * Math.log(r2)) / r2);
    this.spare = scale * x1;
    return scale * x2;
  }
}
