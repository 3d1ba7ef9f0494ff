import { tf } from "../../backend/tf";
import { allTimesPowerOfTwo, exponentOf, largestOf } from "../../linalg/scale";
import { checkDimension, type Projection } from "./projection";

/**
 * A projection whose first column is a point θ over its length, followed by the columns of another: θ = a·θ/‖θ‖ + P·ω,
 * in which the document's net starts at θ. The first column is orthogonal to the others only as far as these are random.
 * It takes 4·D bytes beside theirs.
 *
 * @example
 * const random = new RandomState(123);
 * const theta = initialTheta(random);
 * const projection = new AlongProjection(theta, new FastfoodProjection(theta.length, 999, random));
 * const net = new SubspaceNet(theta, { projection });
 */
export class AlongProjection implements Projection {
  readonly size: number;
  /** One more than that of the other projection. */
  readonly dimension: number;
  private readonly direction: tf.Tensor1D;

  /**
   * @param theta The point.
   * @param others Gives the other columns. It is taken over: `dispose` disposes of it.
   * @throws RangeError for another number of parameters than that of `others`, one column more than there are
   *   parameters, or a θ of zeros.
   */
  constructor(
    theta: ArrayLike<number>,
    private readonly others: Projection,
  ) {
    if (theta.length !== others.size) {
      throw new RangeError(`expected a θ of the projection's ${others.size} parameters, got ${theta.length}`);
    }
    checkDimension(others.dimension + 1, others.size);
    const given = Float64Array.from(theta);
    const point = allTimesPowerOfTwo(given, -exponentOf(largestOf(given)));
    const length = Math.sqrt(point.reduce((sum, entry) => sum + entry ** 2, 0));
    if (!(length > 0)) throw new RangeError("expected a θ for the first column to run along, got only zeros");
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
