import { tf } from "../../backend/tf";
import { hadamard } from "../../initializers/hadamard";

/** The base-2 logarithm of the largest factor's order: larger factors compute more, smaller ones need more products. */
const BITS_A_FACTOR = 5;

/**
 * The fast Walsh–Hadamard transform, a product with Sylvester's Hadamard matrix H (`hadamard`) without forming it: H of
 * order 2^k is the Kronecker product of small Hadamard matrices, each of which is multiplied along one axis of the
 * reshaped columns. It takes O(order · log(order)) operations per column.
 */
export class WalshHadamard {
  private readonly factors: tf.Tensor2D[];

  /**
   * @param order A power of two: 1, 2, 4, …
   * @throws RangeError for another order.
   */
  constructor(readonly order: number) {
    this.factors = factorsOf(order).map((factor) => tf.keep(hadamard(factor)));
  }

  /** Computes H·x [order, columns] for `x` [order, columns]. H is symmetric, and H·H = order · I. */
  transform(x: tf.Tensor2D): tf.Tensor2D {
    return tf.tidy(() => {
      // Starts from the last axis: the wasm backend must not use one tensor as a right factor in two shapes.
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

/** Factors the order into powers of two that are as equal as possible. */
function factorsOf(order: number): number[] {
  const bits = Math.log2(order);
  if (!Number.isInteger(bits)) {
    throw new RangeError(`expected a power of two as the order of a Hadamard matrix, got ${order}`);
  }
  const count = Math.max(1, Math.ceil(bits / BITS_A_FACTOR));
  return Array.from({ length: count }, (_, i) => 2 ** Math.floor((bits + i) / count));
}

/** The shape of a batch of matrices [order, …], one for each index of the axes before; a single one is not a batch. */
function shapeOf(before: number, order: number, size: number): number[] {
  const matrix = [order, size / (before * order)];
  return before === 1 ? matrix : [before, ...matrix];
}
