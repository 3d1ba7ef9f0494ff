import { tf } from "../../backend/tf";
import { checkInputs } from "../mlp/feed-forward";
import { inspect, modelText } from "../model-text";
import { type Architecture, perceptron } from "./architecture";
import type { Projection } from "./projection";

/** The largest allowed error of the initial θ in the subspace, relative to its largest entry. */
const TOLERANCE = 1e-4;

/** Options of `SubspaceNet`. */
export interface SubspaceNetOptions {
  /** The network with parameters θ. Default: the original's, `perceptron()`. */
  architecture?: Architecture;
  /** The projection P, with which ω is trained instead of θ. Default: none. */
  projection?: Projection;
  /** Whether θ = θ₀ + P·ω with ω = 0 initially (Li et al. 2018), instead of θ = P·ω. Default: false. */
  affine?: boolean;
}

/**
 * A network with its parameters in one flat vector θ, of which either θ itself or its coordinates ω in a subspace are
 * trained.
 *
 * Departures from the original: the network returns logits, not the logarithm of their softmax; ω and θ are
 * one-dimensional; the first coordinate starts at ‖θ‖, which equals the original's θ_init[0] / P[0, 0] if the first
 * column points along θ, not against it.
 *
 * @example
 * const random = new RandomState(123);
 * const theta = initialTheta(random);
 * const net = new SubspaceNet(theta, { projection: DenseProjection.along(theta, 100, random) });
 */
export class SubspaceNet {
  /** The trainable parameters: { omega [dimension] } with a projection, else { theta [D] }. */
  readonly parameters: Record<string, tf.Variable>;
  private readonly architecture: Architecture;
  private readonly projection: Projection | undefined;
  /** θ₀ of the affine form. */
  private readonly offset: tf.Tensor1D | undefined;

  /**
   * @param theta The initial parameters [D], in the order of the architecture's parts.
   * @param options The network owns the projection: `dispose` also disposes of it.
   * @throws RangeError for another number of parameters than the architecture's, the affine form without a projection,
   *   or a projection of another size or, unless the form is affine, with a first column other than θ/‖θ‖.
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
   * Computes the logits [examples, classes] for the inputs `x` [examples, inputs].
   *
   * @throws RangeError for inputs of another shape.
   */
  forward(x: tf.Tensor2D): tf.Tensor2D {
    checkInputs(x, this.architecture.inputs);
    return tf.tidy(() => this.architecture.forward(this.layers(), x));
  }

  /** Returns the current parameters θ [D] as a new tensor. */
  theta(): tf.Tensor1D {
    const { theta, omega } = this.parameters;
    if (theta) return theta.clone() as tf.Tensor1D;
    return tf.tidy(() => {
      const projected = this.projection!.project(omega!);
      return this.offset ? projected.add(this.offset) : projected;
    });
  }

  /**
   * Splits θ into new tensors by the names and shapes of the architecture's parts.
   *
   * @param theta A vector [D], such as a difference of two θ. Default: the current parameters.
   */
  layers(theta?: tf.Tensor1D): Record<string, tf.Tensor> {
    const { parts } = this.architecture;
    return tf.tidy(() => {
      const counts = parts.map(({ count }) => count);
      const flat = tf.split(theta ?? this.theta(), counts);
      return Object.fromEntries(parts.map(({ name, shape }, i) => [name, flat[i]!.reshape(shape)]));
    });
  }

  /** Frees the parameters and the projection; the network cannot be used afterwards. */
  dispose(): void {
    tf.dispose(this.parameters);
    this.offset?.dispose();
    this.projection?.dispose();
  }

  /** Returns the text that `console.log` prints: the parameters with their shapes. */
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

function requireSize(name: string, got: number, expected: number): void {
  if (got !== expected) {
    throw new RangeError(`${name} has ${got} parameters, expected the network's ${expected}`);
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
      `expected a projection whose first column is θ/‖θ‖, got one with an error of up to ${missed} in θ, whose largest entry is ${largest}`,
    );
  }
}
