import { tf } from "../../backend/tf";
import { allTimesPowerOfTwo, exponentOf, largestOf } from "../../linalg/scale";
import { checkDimension, type Projection } from "./projection";

/**
 * A projection whose first column is the direction of a point θ₀, followed by the columns of another projection P: θ =
 * a·θ₀/‖θ₀‖ + P·ω. It contains θ₀, at which training of the original's network starts. The first column is orthogonal
 * to the others only on average. It takes 4·D bytes in addition to P.
 *
 * @example
 * const random = new RandomState(123);
 * const theta = initialTheta(random);
 * const projection = new AlongProjection(theta, new FastfoodProjection(theta.length, 999, random));
 * const net = new SubspaceNet(theta, { projection });
 */
export class AlongProjection implements Projection {
  readonly size: number;
  /** The dimension of the other projection plus 1. */
  readonly dimension: number;
  private readonly direction: tf.Tensor1D;

  /**
   * @param theta The point θ₀ [D], not all zeros.
   * @param others The projection with the other columns, of size D and dimension < D; `dispose` also disposes of it.
   * @throws RangeError for a point of another size, more columns than parameters, or a point of zeros.
   */
  constructor(
    theta: ArrayLike<number>,
    private readonly others: Projection,
  ) {
    if (theta.length !== others.size) {
      throw new RangeError(`θ has ${theta.length} parameters, expected the projection's ${others.size}`);
    }
    checkDimension(others.dimension + 1, others.size);
    const given = Float64Array.from(theta);
    const point = allTimesPowerOfTwo(given, -exponentOf(largestOf(given)));
    const length = Math.sqrt(point.reduce((sum, entry) => sum + entry ** 2, 0));
    if (!(length > 0)) throw new RangeError("expected a θ as the first column's direction, got only zeros");
    this.size = others.size;
    this.dimension = others.dimension + 1;
    this.direction = tf.keep(tf.tensor1d(Float32Array.from(point, (entry) => entry / length)));
  }

  project(omega: tf.Tensor): tf.Tensor1D {
    return tf.tidy(() => {
      const [first, rest] = tf.split(omega.reshape<tf.Tensor1D>([this.dimension]), [
        1,
        this.others.dimension,
      ]);
      return this.others.project(rest!).add(this.direction.mul(first!));
    });
  }

  dispose(): void {
    this.direction.dispose();
    this.others.dispose();
  }
}
