import { tf } from "../../backend/tf";
import { requireInteger } from "../../checks/check-range";

/** A fixed linear map from few coordinates ω to all parameters θ of a network: θ = P·ω (Li et al. 2018). */
export interface Projection {
  /** d, how many coordinates ω has. */
  readonly dimension: number;
  /** D, how many parameters θ has. */
  readonly size: number;
  /**
   * θ = P·ω [size]. It has a gradient, Pᵀ·g for the gradient g with respect to θ.
   *
   * @param omega [dimension] or [dimension, 1]
   */
  project(omega: tf.Tensor): tf.Tensor1D;
  /** Frees the memory of P. */
  dispose(): void;
}

/** The two products that a projection is. */
export interface Products {
  /** Of ω. */
  readonly dimension: number;
  /** P·ω [size] for ω [dimension]. */
  multiply(omega: tf.Tensor1D): tf.Tensor1D;
  /** Pᵀ·g [dimension] for g [size]. */
  multiplyTransposed(gradient: tf.Tensor1D): tf.Tensor1D;
}

/** θ = P·ω with the gradient Pᵀ·g, as `Projection.project`, by products of its own in place of tfjs's gradients. */
export function projected(products: Products, omega: tf.Tensor): tf.Tensor1D {
  const product = tf.customGrad((x) => ({
    value: products.multiply(x as tf.Tensor1D),
    gradFunc: (gradient) => products.multiplyTransposed(gradient as tf.Tensor1D),
  }));
  return tf.tidy(() => product(omega.reshape([products.dimension])) as tf.Tensor1D);
}

/** @throws RangeError unless ω can have this dimension where θ has this size. */
export function checkDimension(dimension: number, size: number): void {
  requireInteger("the dimension of ω", dimension, 1, size);
}
