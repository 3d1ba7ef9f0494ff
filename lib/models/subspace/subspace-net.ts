import { tf } from "../../backend/tf";
import { checkInputs } from "../mlp/feed-forward";
import { inspect, modelText } from "../model-text";
import { type Architecture, perceptron } from "./architecture";
import type { Projection } from "./projection";

/** How far a projection may miss the θ that training starts at, as a share of its largest entry. */
const TOLERANCE = 1e-4;

/** Options of `SubspaceNet`. */
export interface SubspaceNetOptions {
  /** The network whose parameters θ are. Default: the document's, `perceptron()`. */
  architecture?: Architecture;
  /** Trains ω with θ = P·ω in place of θ itself. */
  projection?: Projection;
  /** Whether, with a projection, θ = θ₀ + P·ω (Li et al. 2018), from ω = 0, in place of θ = P·ω. Default: false. */
  affine?: boolean;
}

/**
 * A network whose parameters all lie in one flat θ. What is trained is θ, or the coordinates ω of θ in a subspace.
 *
 * Departures from the document: logits, of which it takes the logarithm of the softmax; ω and θ are vectors; the first
 * coordinate starts at the length of θ, which is its θ_init[0] / P[0, 0] for a first column that points along θ, not
 * against it.
 *
 * @example
 * const random = new RandomState(123);
 * const theta = initialTheta(random);
 * const net = new SubspaceNet(theta, { projection: DenseProjection.along(theta, 100, random) });
 */
export class SubspaceNet {
  /** What is trained: { omega [dimension] } with a projection, else { theta [D] }. */
  readonly parameters: Record<string, tf.Variable>;
  private readonly architecture: Architecture;
  private readonly projection: Projection | undefined;
  /** θ₀ of the affine form. */
  private readonly offset: tf.Tensor1D | undefined;

  /**
   * @param theta The D parameters that training starts at, in the order of θ.
   * @param options The net takes the projection over: it disposes of it.
   * @throws RangeError for another number of parameters than the architecture's, an affine form without a projection,
   *   or a projection that is not of D parameters or, unless the form is affine, whose first column is not θ over its
   *   length.
   */
  constructor(
    theta: ArrayLike<number>,
    { architecture = perceptron(), projection, affine = false }: SubspaceNetOptions = {},
  ) {
    this.architecture = architecture;
    const size = architecture.parts.reduce((sum, { count }) => sum + count, 0);
    requireSize("θ", theta.length, size);
    const start = Float32Array.from(theta);
    if (!projection) {
      if (affine) throw new RangeError("expected a projection for the affine form, got none");
      this.parameters = { theta: variable(start) };
      return;
    }
    requireSize("the projection's θ", projection.size, size);
    this.projection = projection;
    const omega = new Float32Array(projection.dimension);
    if (affine) {
      this.offset = tf.keep(tf.tensor1d(start));
    } else {
      omega[0] = lengthOf(start);
      checkFirstColumn(projection, omega, start);
    }
    this.parameters = { omega: variable(omega) };
  }

  /**
   * The logits [examples, classes] for the inputs `x` [examples, inputs].
   *
   * @throws RangeError if `x` has another width
   */
  forward(x: tf.Tensor2D): tf.Tensor2D {
    checkInputs(x, this.architecture.inputs);
    return tf.tidy(() => this.architecture.forward(this.layers(), x));
  }

  /** All parameters as they are now, [D]. */
  theta(): tf.Tensor1D {
    const { theta, omega } = this.parameters;
    if (theta) return theta.clone() as tf.Tensor1D;
    return tf.tidy(() => {
      const projected = this.projection!.project(omega!);
      return this.offset ? projected.add(this.offset) : projected;
    });
  }

  /**
   * The parameters by the names of the architecture: as they are now, or those of another θ [D], such as a difference of
   * two.
   */
  layers(theta?: tf.Tensor1D): Record<string, tf.Tensor> {
    const { parts } = this.architecture;
    return tf.tidy(() => {
      const counts = parts.map(({ count }) => count);
      const flat = tf.split(theta ?? this.theta(), counts);
      return Object.fromEntries(parts.map(({ name, shape }, i) => [name, flat[i]!.reshape(shape)]));
    });
  }

  /** Frees the memory of the parameters and of the projection; the network is of no use afterwards. */
  dispose(): void {
    tf.dispose(this.parameters);
    this.offset?.dispose();
    this.projection?.dispose();
  }

  /** The model's parameters with their shapes, as `console.log` shows them. */
  [inspect](): string {
    const layers = Object.fromEntries(this.architecture.parts.map((part) => [part.name, part]));
    return modelText(this.constructor.name, this.parameters, {
      "θ, the parameters of the architecture": layers,
    });
  }
}

function variable(values: Float32Array): tf.Variable {
  return tf.tidy(() => tf.variable(tf.tensor1d(values)));
}

function requireSize(what: string, got: number, expected: number): void {
  if (got !== expected) {
    throw new RangeError(`${what} has ${got} parameters, expected the ${expected} of the net`);
  }
}

function lengthOf(vector: Float32Array): number {
  return Math.sqrt(vector.reduce((sum, entry) => sum + entry ** 2, 0));
}

function checkFirstColumn(projection: Projection, omega: Float32Array, theta: Float32Array): void {
  const [missed, largest] = tf.tidy(() => {
    const expected = tf.tensor1d(theta);
    const difference = projection.project(tf.tensor1d(omega)).sub(expected);
    return [difference, expected].map((tensor) => tensor.abs().max().dataSync()[0]!);
  });
  if (!(missed! <= TOLERANCE * largest!)) {
    throw new RangeError(
      `expected a projection whose first column is θ over its length, got one that misses θ by up to ${missed}, where θ has up to ${largest}`,
    );
  }
}
