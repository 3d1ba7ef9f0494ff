import { tf } from "../../backend/tf";
import { requireInteger } from "../../checks/check-range";

/** A fixed linear map from few coordinates ω to all parameters θ of a network, θ = P·ω (Li et al. 2018). */
export interface Projection {
  /** The number d of coordinates ω. */
  readonly dimension: number;
  /** The number D of parameters θ. */
  readonly size: number;
  /**
   * Computes θ = P·ω [size] differentiably: the gradient with respect to ω is Pᵀ·g for the gradient g with respect to
   * θ.
   *
   * @param omega [dimension] or [dimension, 1]
   */
  project(omega: tf.Tensor): tf.Tensor1D;
  /** Frees the memory of P. */
  dispose(): void;
}

/** The products with P and with its transpose. */
export interface Products {
  /** The dimension of ω. */
  readonly dimension: number;
  /** Computes P·ω [size] for ω [dimension]. */
  multiply(omega: tf.Tensor1D): tf.Tensor1D;
  /** Computes Pᵀ·g [dimension] for g [size]. */
  multiplyTransposed(gradient: tf.Tensor1D): tf.Tensor1D;
}

/** Implements `Projection.project` by the products with P and with its transpose, as value and custom gradient. */
export function projected(products: Products, omega: tf.Tensor): tf.Tensor1D {
  const product = tf.customGrad((x) => ({
    value: products.multiply(x as tf.Tensor1D),
    gradFunc: (gradient) => products.multiplyTransposed(gradient as tf.Tensor1D),
  }));
  return tf.tidy(() => product(omega.reshape([products.dimension])) as tf.Tensor1D);
}

/**
 * Checks the dimension of ω.
 *
 * @throws RangeError unless it is an integer in [1, size].
 */
export function checkDimension(dimension: number, size: number): void {
  requireInteger("the dimension of ω", dimension, 1, size);
}
