import { tf } from "../../backend/tf";
import { requireIntegers } from "../../checks/check-range";
import type { LayerInitializer } from "../../initializers/constant-bias";
import { inspect, modelText } from "../model-text";
import { checkInputs, type FeedForwardOptions, feedForward } from "./feed-forward";
import { type Layers, layerNames, type Perceptron } from "./layers";

/**
 * A multi-layer perceptron: linear layers with ReLU between them, whose last one computes logits.
 *
 * @example
 * const network = new MLP([784, 100, 10], (shape) => linearDefault(shape, generator));
 * const logits = network.forward(images);
 */
export class MLP implements Perceptron {
  /** The trainable parameters: l1.weight [outputs, inputs], l1.bias [outputs], l2.weight, … */
  readonly parameters: Record<string, tf.Variable> = {};
  private readonly names: string[];

  /**
   * @param sizes The numbers of inputs, of units in each hidden layer, and of outputs, two or more integers ≥ 1.
   * @param initialize Returns the initial parameters of a layer of shape [outputs, inputs]; it is called from the first
   *   layer to the last.
   * @param options Options of perceptrons. Default: {}.
   * @throws RangeError for other sizes, or initial parameters of another shape.
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
   * Computes the logits [examples, outputs] for the inputs `x` [examples, inputs].
   *
   * @throws RangeError for inputs of another shape.
   */
  forward(x: tf.Tensor2D): tf.Tensor2D {
    return tf.tidy(() => this.activations(x).logits);
  }

  /**
   * Computes the activations of the last hidden layer [examples, units] for the inputs `x` [examples, inputs].
   *
   * @throws RangeError for inputs of another shape.
   */
  hidden(x: tf.Tensor2D): tf.Tensor2D {
    return tf.tidy(() => this.activations(x).hidden);
  }

  /** Returns copies of the weights and biases, which the caller must dispose of. */
  layers(): Layers {
    const of = (part: string) => this.names.map((name) => this.parameters[`${name}.${part}`]!.clone());
    return { weights: of("weight") as tf.Tensor2D[], biases: of("bias") };
  }

  /** Frees the parameters; the network cannot be used afterwards. */
  dispose(): void {
    for (const parameter of Object.values(this.parameters)) parameter.dispose();
  }

  /** Returns the text that `console.log` prints: the parameters with their shapes. */
  [inspect](): string {
    return modelText(this.constructor.name, this.parameters);
  }

  private activations(x: tf.Tensor2D) {
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
        `the initializer returned ${name} [${value.shape.join(", ")}], expected [${shape.join(", ")}]`,
      );
    }
    this.parameters[name] = tf.variable(value);
  }
}
