import { requireInteger } from "../checks/check-range";

const N = 624;
const M = 397;
const LARGEST_SEED = 2 ** 32 - 1;

/** The recurrence of the state: `previous` and `next` are adjacent words, `far` the word M places after `previous`. */
function twist(previous: number, next: number, far: number): number {
  const y = (previous & 0x80000000) | (next & 0x7fffffff);
  return far ^ (y >>> 1) ^ (-(y & 1) & 0x9908b0df);
}

/**
 * The Mersenne Twister MT19937 (Matsumoto and Nishimura 1998) with the seeding `init_genrand` of its 2002 reference
 * code: the 32-bit generator under NumPy's `RandomState` and PyTorch's CPU generator.
 *
 * Outputs are computed in blocks of 624, so that most draws only read an array.
 */
export class Mt19937 {
  private readonly state = new Uint32Array(N);
  private readonly block = new Uint32Array(N);
  private position = N;

  /**
   * @param seed An integer in [0, 2³² − 1].
   * @throws RangeError for another seed.
   */
  constructor(seed: number) {
    requireInteger("seed", seed, 0, LARGEST_SEED);
    const { state } = this;
    state[0] = seed;
    for (let i = 1; i < N; i++) {
      const previous = state[i - 1]!;
      state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
  }

  /** Draws the next output, an integer in [0, 2³² − 1]. */
  next(): number {
    if (this.position === N) this.refill();
    return this.block[this.position++]!;
  }

  /** Returns the 624 words of the state followed by the position in the current block. */
  snapshot(): Uint32Array {
    return Uint32Array.of(...this.state, this.position);
  }

  /**
   * Restores the state saved in a snapshot.
   *
   * @throws RangeError unless the snapshot is 624 words and a position in [0, 624].
   */
  restore(snapshot: Uint32Array): void {
    const position = snapshot[N];
    if (snapshot.length !== N + 1 || position === undefined || position > N) {
      throw new RangeError(
        `expected ${N} words and a position from 0 to ${N}, got ${snapshot.length} numbers, the last ${snapshot.at(-1)}`,
      );
    }
    this.state.set(snapshot.subarray(0, N));
    this.temper();
    this.position = position;
  }

  private refill(): void {
    const { state } = this;
    for (let i = 0; i < N - M; i++) state[i] = twist(state[i]!, state[i + 1]!, state[i + M]!);
    for (let i = N - M; i < N - 1; i++) state[i] = twist(state[i]!, state[i + 1]!, state[i + M - N]!);
    state[N - 1] = twist(state[N - 1]!, state[0]!, state[M - 1]!);
    this.temper();
    this.position = 0;
  }

  /** Computes the block of outputs from the state. */
  private temper(): void {
    const { state, block } = this;
    for (let i = 0; i < N; i++) {
      let y = state[i]!;
      y ^= y >>> 11;
      y ^= (y << 7) & 0x9d2c5680;
      y ^= (y << 15) & 0xefc60000;
      block[i] = y ^ (y >>> 18);
    }
  }
}
