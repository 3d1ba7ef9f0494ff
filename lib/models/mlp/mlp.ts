import { tf } from "../../backend/tf";
import { requireIntegers } from "../../checks/check-range";
import type { LayerInitializer } from "../../initializers/constant-bias";
import { inspect, modelText } from "../model-text";
import { checkInputs, type FeedForwardOptions, feedForward } from "./feed-forward";
import { type Layers, layerNames, type Perceptron } from "./layers";

/**
 * A multi-layer perceptron: linear layers with ReLU between them, whose last one gives logits.
 *
 * @example
 * const network = new MLP([784, 100, 10], (shape) => linearDefault(shape, generator));
 * const logits = network.forward(images);
 */
export class MLP implements Perceptron {
  /** By layer, from the first: l1.weight [outputs, inputs], l1.bias [outputs], l2.weight, … */
  readonly parameters: Record<string, tf.Variable> = {};
  private readonly names: string[];

  /**
   * @param sizes The number of inputs, of units in each hidden layer, and of outputs.
   * @param initialize Gives each layer its parameters, from the first to the last.
   * @throws RangeError if `sizes` is not two or more positive integers, or `initialize` gives other shapes
   */
  constructor(
    readonly sizes: readonly number[],
    initialize: LayerInitializer,
    private readonly options: FeedForwardOptions = {},
  ) {
    requireIntegers("sizes", sizes, "two or more integers ≥ 1", { least: 1, atLeast: 2 });
    this.names = layerNames(sizes.length - 1);
    tf.tidy(() => {
      for (let layer = 1; layer < sizes.length; layer++) {
        const [inputs, outputs] = [sizes[layer - 1]!, sizes[layer]!];
        const { weight, bias } = initialize([outputs, inputs]);
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
    return tf.tidy(() => this.activities(x).logits);
  }

  /** The activities of the last hidden layer [examples, units]; parameters and errors are those of `forward`. */
  hidden(x: tf.Tensor2D): tf.Tensor2D {
    return tf.tidy(() => this.activities(x).hidden);
  }

  /** Copies of the weights and biases, for the caller to dispose of. */
  layers(): Layers {
    const of = (part: string) => this.names.map((name) => this.parameters[`${name}.${part}`]!.clone());
    return { weights: of("weight") as tf.Tensor2D[], biases: of("bias") };
  }

  /** Frees the parameters' memory; the network is of no use afterwards. */
  dispose(): void {
    for (const parameter of Object.values(this.parameters)) parameter.dispose();
  }

  /** The model's parameters with their shapes, as `console.log` shows them. */
  [inspect](): string {
    return modelText(this.constructor.name, this.parameters);
  }

  private activities(x: tf.Tensor2D) {
    checkInputs(x, this.sizes[0]!);
    const layers = this.names.map((name) => ({
      times: (inputs: tf.Tensor2D) =>
        tf.matMul<tf.Tensor2D>(inputs, this.parameters[`${name}.weight`]!, false, true),
      bias: this.parameters[`${name}.bias`]!,
    }));
    return feedForward(x, layers, this.options);
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
