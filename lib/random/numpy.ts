import { Mt19937 } from "./mt19937";
import { sizeOf } from "./shape";

/**
 * NumPy's legacy random stream, `numpy.random.RandomState(seed)`, which is also the one of
 * `numpy.random.seed(seed)` followed by `numpy.random.rand` and `randn`.
 *
 * `rand` is NumPy's bit for bit. `randn` draws the same uniforms, rounded the same way, and differs in the
 * last bits of about 3 normals in 100 (at most 4.4e-16 of their value), where V8's logarithm, the same on every
 * platform, rounds otherwise than the C library's that NumPy calls, which itself differs between platforms.
 *
 * Departures from NumPy: the numbers come as a flat array in C order, and an empty shape gives one number in an
 * array.
 *
 * @example
 * const random = new RandomState(0);
 * const W = Matrix.from1DArray(10, 100, random.randn(10, 100));
 */
export class RandomState {
  private readonly generator: Mt19937;
  /** The second number of a pair of normals, kept for the next one asked for, or null. */
  private spare: number | null = null;

  /** @param seed an integer from 0 to 2³² − 1 */
  constructor(seed: number) {
    this.generator = new Mt19937(seed);
  }

  /** Uniform numbers in [0, 1), multiples of 2⁻⁵³, as many as `shape` holds. */
  rand(...shape: number[]): Float64Array {
    return new Float64Array(sizeOf(shape)).map(() => this.uniform());
  }

  /** Standard normal numbers by Marsaglia's polar method, as many as `shape` holds. */
  randn(...shape: number[]): Float64Array {
    return new Float64Array(sizeOf(shape)).map(() => this.normal());
  }

  /** 53 random bits, 27 high and 26 low, times 2⁻⁵³. */
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
