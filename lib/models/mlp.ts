import { tf } from "../backend/tf";
import type { LayerInitializer } from "../initializers/constant-bias";

/**
 * A multi-layer perceptron: linear layers with ReLU between them, whose last one gives logits.
 *
 * @example
 * const network = new MLP([784, 100, 10], (inputs, outputs) => linearDefault(inputs, outputs, generator));
 * const logits = network.forward(images);
 */
export class MLP {
  /** By layer, from the first: l1.weight [outputs, inputs], l1.bias [outputs], l2.weight, … */
  readonly parameters: Record<string, tf.Variable> = {};

  /**
   * @param sizes The number of inputs, of units in each hidden layer, and of outputs.
   * @param initialize Gives each layer its parameters, from the first to the last.
   * @throws RangeError if `sizes` is not two or more positive integers, or `initialize` gives other shapes
   */
  constructor(
    private readonly sizes: number[],
    initialize: LayerInitializer,
  ) {
    if (sizes.length < 2 || !sizes.every((size) => Number.isInteger(size) && size > 0)) {
      throw new RangeError(`expected two or more positive integers as sizes, got [${sizes.join(", ")}]`);
    }
    tf.tidy(() => {
      for (let layer = 1; layer < sizes.length; layer++) {
        const [inputs, outputs] = [sizes[layer - 1]!, sizes[layer]!];
        const { weight, bias } = initialize(inputs, outputs);
        this.add(`l${layer}.weight`, weight, [outputs, inputs]);
        this.add(`l${layer}.bias`, bias, [outputs]);
      }
    });
  }

  /**
   * The logits [examples, outputs] for the inputs `x` [examples, inputs].
   *
   * @throws RangeError if `x` has another width
   */
  forward(x: tf.Tensor2D): tf.Tensor2D {
    if (x.rank !== 2 || x.shape[1] !== this.sizes[0]) {
      throw new RangeError(`expected inputs [examples, ${this.sizes[0]}], got [${x.shape.join(", ")}]`);
    }
    const last = this.sizes.length - 1;
    return tf.tidy(() => {
      let activities: tf.Tensor = x;
      for (let layer = 1; layer <= last; layer++) {
        const weight = this.parameters[`l${layer}.weight`]!;
        const bias = this.parameters[`l${layer}.bias`]!;
        const sums = tf.matMul(activities, weight, false, true).add(bias);
        activities = layer < last ? sums.relu() : sums;
      }
      return activities as tf.Tensor2D;
    });
  }

  /** Frees the parameters' memory; the network is of no use afterwards. */
  dispose(): void {
    for (const parameter of Object.values(this.parameters)) parameter.dispose();
  }

  private add(name: string, value: tf.Tensor, shape: number[]): void {
    if (value.shape.join() !== shape.join()) {
      throw new RangeError(
        `${name} is [${shape.join(", ")}], its initializer gave [${value.shape.join(", ")}]`,
      );
    }
    this.parameters[name] = tf.variable(value);
  }
}
