import type { State, Stateful } from "../checkpoint/state";
import { requireInteger } from "../checks/check-range";
import { Mt19937 } from "./mt19937";
import { sizeOf } from "./shape";

/** The number of uniforms that PyTorch transforms to normals at once; it draws fewer normals one pair at a time. */
const BLOCK = 16;

/**
 * PyTorch's CPU random generator in float32, `torch.Generator().manual_seed(seed)`.
 *
 * Uniform numbers, integers and permutations agree with PyTorch bit for bit; normals agree to 1e-6, since PyTorch's
 * vectorized logarithm and cosine round differently in the last bits.
 *
 * Departures from PyTorch: numbers are returned as a flat array in row-major order, and `randn` of 16 or more numbers
 * follows the order of the vectorized kernels that all x86 processors of the last decade run.
 *
 * @example
 * const generator = new TorchGenerator(1);
 * const weight = generator.randn([10, 784]);
 */
export class TorchGenerator implements Stateful {
  private readonly source: Mt19937;
  /** The second of a pair of normals, kept for the next draw. */
  private spare: number | undefined;

  /**
   * @param seed An integer, of which PyTorch, too, uses only the low 32 bits.
   * @throws RangeError for a seed that is not an integer.
   */
  constructor(seed: number | bigint) {
    if (typeof seed === "number") requireInteger("seed", seed, Number.MIN_SAFE_INTEGER);
    this.source = new Mt19937(Number(BigInt.asUintN(32, BigInt(seed))));
  }

  /**
   * Draws uniform numbers in [0, 1), multiples of 2⁻²⁴: `torch.rand`.
   *
   * @param shape Integers ≥ 0.
   * @throws RangeError for another shape.
   */
  rand(shape: number[]): Float32Array {
    const numbers = new Float32Array(sizeOf(shape));
    for (let i = 0; i < numbers.length; i++) numbers[i] = this.uniform24();
    return numbers;
  }

  /**
   * Draws uniform numbers in [low, high): `torch.Tensor.uniform_`.
   *
   * @param shape Integers ≥ 0.
   * @throws RangeError for another shape or if low > high.
   */
  uniform(shape: number[], low: number, high: number): Float32Array {
    if (!(low <= high)) throw new RangeError(`uniform: low is ${low}, expected at most high, ${high}`);
    const numbers = this.rand(shape);
    const [from, range] = [Math.fround(low), Math.fround(Math.fround(high) - Math.fround(low))];
    for (let i = 0; i < numbers.length; i++) numbers[i] = numbers[i]! * range + from;
    return numbers;
  }

  /**
   * Draws standard normal numbers by the Box–Muller transform: `torch.randn`.
   *
   * @param shape Integers ≥ 0.
   * @throws RangeError for another shape.
   */
  randn(shape: number[]): Float32Array {
    const size = sizeOf(shape);
    if (size < BLOCK) return Float32Array.from({ length: size }, () => this.normal());
    const numbers = this.rand(shape);
    for (let start = 0; start + BLOCK <= size; start += BLOCK) toNormals(numbers, start);
    if (size % BLOCK !== 0) {
      // As in PyTorch, the last 16 numbers are drawn again, although some of them were already transformed.
      numbers.set(this.rand([BLOCK]), size - BLOCK);
      toNormals(numbers, size - BLOCK);
    }
    return numbers;
  }

  /**
   * Draws integers in [low, high): `torch.randint`.
   *
   * @param low An integer.
   * @param high An integer above `low`, by at most 2²⁸ − 1: beyond, PyTorch draws otherwise.
   * @param shape Integers ≥ 0.
   * @throws RangeError for other numbers or another shape.
   */
  randint(low: number, high: number, shape: number[]): Int32Array {
    requireInteger("randint: low", low, -(2 ** 31), 2 ** 31 - 2);
    requireInteger("randint: high", high, low + 1, Math.min(low + 2 ** 28 - 1, 2 ** 31));
    return Int32Array.from({ length: sizeOf(shape) }, () => low + (this.source.next() % (high - low)));
  }

  /**
   * Draws a permutation of 0 … n − 1: `torch.randperm`.
   *
   * @param n An integer in [0, 2³¹ − 1].
   * @throws RangeError for another n.
   */
  randperm(n: number): Int32Array {
    requireInteger("randperm: n", n, 0, 2 ** 31 - 1);
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = 0; i < n - 1; i++) {
      const j = i + (this.source.next() % (n - i));
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return order;
  }

  /** Draws an integer in [0, 2⁶³ − 1]: `torch.empty((), dtype=torch.int64).random_()`. */
  randint64(): bigint {
    const high = BigInt(this.source.next());
    const low = BigInt(this.source.next());
    return BigInt.asUintN(63, (high << 32n) | low);
  }

  /** Returns a copy of the state: "twister" [625], and "spare" [1] if a normal is kept, else [0]. */
  state(): State {
    const twister = this.source.snapshot();
    const spare = Float64Array.from(this.spare === undefined ? [] : [this.spare]);
    return {
      twister: { shape: [twister.length], values: twister },
      spare: { shape: [spare.length], values: spare },
    };
  }

  /**
   * Restores a saved state.
   *
   * @throws TypeError or RangeError if the state is not a generator's; then nothing changes.
   */
  restore(state: State): void {
    const [twister, spare] = [state["twister"]?.values, state["spare"]?.values];
    if (!(twister instanceof Uint32Array && spare instanceof Float64Array)) {
      throw new TypeError(
        `a generator's state has "twister" and "spare", got [${Object.keys(state).join(", ")}]`,
      );
    }
    this.source.restore(twister);
    this.spare = spare[0];
  }

  private uniform24(): number {
    return (this.source.next() & 0xffffff) * 2 ** -24;
  }

  /** A uniform number of 53 bits, taken from two outputs. */
  private uniform53(): number {
    const high = this.source.next() & 0x1fffff;
    return (high * 2 ** 32 + this.source.next()) * 2 ** -53;
  }

  private normal(): number {
    if (this.spare !== undefined) {
      const { spare } = this;
      this.spare = undefined;
      return spare;
    }
    const angle = 2 * Math.PI * this.uniform53();
    const radius = Math.sqrt(-2 * Math.log1p(-this.uniform53()));
    this.spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
}

/** The Box–Muller transform of 16 uniform numbers in place: the first eight give radii, the last eight angles. */
function toNormals(numbers: Float32Array, start: number): void {
  for (let i = start; i < start + BLOCK / 2; i++) {
    const radius = Math.sqrt(-2 * Math.log(1 - numbers[i]!));
    const angle = 2 * Math.PI * numbers[i + BLOCK / 2]!;
    numbers[i] = radius * Math.cos(angle);
    numbers[i + BLOCK / 2] = radius * Math.sin(angle);
  }
}
