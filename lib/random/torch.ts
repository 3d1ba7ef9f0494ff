import type { State, Stateful } from "../checkpoint/state";
import { requireInteger } from "../checks/check-range";
import { Mt19937 } from "./mt19937";
import { sizeOf } from "./shape";

/** Numbers that PyTorch transforms to normals together; below as many, it draws them one at a time. */
const BLOCK = 16;

/**
 * PyTorch's random stream on the CPU, in float32: `torch.manual_seed(seed)` and what is drawn after it.
 *
 * Uniform numbers, integers and permutations are PyTorch's bit for bit; normals to 1e-6, since PyTorch's
 * vectorized logarithm and cosine round otherwise in the last bits.
 *
 * Departures from PyTorch: numbers come as a flat array in C order, and `randn` of more than 15 numbers follows the
 * order of its vectorized kernels, which all x86 processors of the last decade run.
 *
 * @example
 * const generator = new TorchGenerator(1);
 * const weight = generator.randn([10, 784]);
 */
export class TorchGenerator implements Stateful {
  private readonly source: Mt19937;
  /** The second number of a pair of normals drawn one at a time, kept for the next call. */
  private spare: number | undefined;

  /** @param seed An integer; PyTorch, too, uses its low 32 bits only. */
  constructor(seed: number | bigint) {
    if (typeof seed === "number") requireInteger("seed", seed, Number.MIN_SAFE_INTEGER);
    this.source = new Mt19937(Number(BigInt.asUintN(32, BigInt(seed))));
  }

  /** Uniform on [0, 1), multiples of 2⁻²⁴: `torch.rand`. */
  rand(shape: number[]): Float32Array {
    const numbers = new Float32Array(sizeOf(shape));
    for (let i = 0; i < numbers.length; i++) numbers[i] = this.uniform24();
    return numbers;
  }

  /** Uniform on [low, high): `Tensor.uniform_`. */
  uniform(shape: number[], low: number, high: number): Float32Array {
    if (!(low <= high)) throw new RangeError(`uniform: low is ${low}, expected at most high, ${high}`);
    const numbers = this.rand(shape);
    const [from, range] = [Math.fround(low), Math.fround(Math.fround(high) - Math.fround(low))];
    for (let i = 0; i < numbers.length; i++) numbers[i] = numbers[i]! * range + from;
    return numbers;
  }

  /** Standard normal: `torch.randn`. */
  randn(shape: number[]): Float32Array {
    const size = sizeOf(shape);
    if (size < BLOCK) return Float32Array.from({ length: size }, () => this.normal());
    const numbers = this.rand(shape);
    for (let start = 0; start + BLOCK <= size; start += BLOCK) toNormals(numbers, start);
    if (size % BLOCK !== 0) {
      // The last block is drawn anew, over numbers that were transformed already.
      numbers.set(this.rand([BLOCK]), size - BLOCK);
      toNormals(numbers, size - BLOCK);
    }
    return numbers;
  }

  /** A permutation of 0 … n − 1: `torch.randperm`. */
  randperm(n: number): Int32Array {
    requireInteger("randperm: n", n, 0, 2 ** 31 - 1);
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = 0; i < n - 1; i++) {
      const j = i + (this.source.next() % (n - i));
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return order;
  }

  /** An integer from 0 to 2⁶³ − 1: `torch.empty((), dtype=torch.int64).random_()`. */
  randint64(): bigint {
    const high = BigInt(this.source.next());
    const low = BigInt(this.source.next());
    return BigInt.asUintN(63, (high << 32n) | low);
  }

  /** "twister" [625], and "spare" [1] where a normal number is kept, else [0]. */
  state(): State {
    const twister = this.source.snapshot();
    const spare = Float64Array.from(this.spare === undefined ? [] : [this.spare]);
    return {
      twister: { shape: [twister.length], values: twister },
      spare: { shape: [spare.length], values: spare },
    };
  }

  /** @throws Error if the state is not that of such a generator; nothing has changed then. */
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

  /** 53 bits of two outputs. */
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
