import { tf } from "../../backend/tf";
import { hadamard } from "../../initializers/hadamard";

/** The largest factor is of order 2 to this: larger ones compute more, smaller ones are more products to start. */
const BITS_A_FACTOR = 5;

/**
 * Products with Sylvester's Hadamard matrix H (`hadamard`), which is never made: H of order 2^k is the Kronecker
 * product of small ones, and each of these is one product over one axis of the reshaped columns. All of them compute
 * O(order · log(order)) for a column.
 */
export class WalshHadamard {
  private readonly factors: tf.Tensor2D[];

  /**
   * @param order A power of two: 1, 2, 4, …
   * @throws RangeError for another order
   */
  constructor(readonly order: number) {
    this.factors = factorsOf(order).map((factor) => tf.keep(hadamard(factor)));
  }

  /** H·x [order, columns] for `x` [order, columns]. It is its own transpose, and order times its own inverse. */
  transform(x: tf.Tensor2D): tf.Tensor2D {
    return tf.tidy(() => {
      // From the last axis on: WebAssembly may not get one tensor as the right factor of two shapes, and `x` has its own.
      let [before, product]: [number, tf.Tensor] = [this.order, x];
      for (const factor of this.factors) {
        const [order] = factor.shape;
        before /= order;
        product = tf.matMul(factor, product.reshape(shapeOf(before, order, x.size)));
      }
      return product.reshape(x.shape);
    });
  }

  dispose(): void {
    tf.dispose(this.factors);
  }
}

/** Powers of two as equal as can be, whose product is the order. */
function factorsOf(order: number): number[] {
  const bits = Math.log2(order);
  if (!Number.isInteger(bits)) {
    throw new RangeError(`expected a power of two as the order of a Hadamard matrix, got ${order}`);
  }
  const count = Math.max(1, Math.ceil(bits / BITS_A_FACTOR));
  return Array.from({ length: count }, (_, i) => 2 ** Math.floor((bits + i) / count));
}

/** Of `size` numbers as matrices [order, …], as many as there are for the axes before; one is no batch. */
function shapeOf(before: number, order: number, size: number): number[] {
  const matrix = [order, size / (before * order)];
  return before === 1 ? matrix : [before, ...matrix];
}
