import { stopGradient } from "../../backend/stop-gradient";
import { tf } from "../../backend/tf";
import { requireInteger, requireIntegers } from "../../checks/check-range";
import { conv2dDefault, type LayerParameters, linearDefault } from "../../initializers/torch-default";
import type { TorchGenerator } from "../../random/torch";
import { convReluPool, POOL } from "../conv-relu-pool";
import { inspect, modelText } from "../model-text";
import type { Feedback, LinearWeights } from "./feedback";

/** The height and width of the kernels. */
const KERNEL = 5;

/** The sizes that determine the shapes of a `ConvNet`. */
export interface ConvNetSizes {
  /** The number of channels of the images. */
  channels: number;
  /** The height and width of the images in pixels. */
  side: number;
  /** The numbers of filters of the two convolutions. */
  filters: readonly [number, number];
  /** The number of units of the hidden layer. */
  hidden: number;
  /** The number of classes. */
  classes: number;
}

/** Options of `ConvNet`. */
export interface ConvNetOptions {
  /** Further inputs of the first linear layer, of which the network disposes. Default: none. */
  feedback?: Feedback;
  /** Whether gradients flow through the feedback. Default: false, as in the original. */
  feedbackGradient?: boolean;
}

/**
 * The convolutional network of notebook 02: two 5 × 5 convolutions, each followed by ReLU and 2 × 2 max pooling, then
 * two linear layers with ReLU between them, whose last one computes logits.
 *
 * Departure from the original: the network returns logits, not the logarithm of their softmax.
 */
export class ConvNet {
  /** conv1.weight [filters, channels, 5, 5], conv1.bias, conv2.…, fc1.weight [hidden, features], fc1.bias, fc2.… */
  readonly parameters: Record<string, tf.Variable> = {};
  private readonly feedback: Feedback | undefined;
  private readonly feedbackGradient: boolean;

  /**
   * @param sizes The sizes, integers ≥ 1.
   * @param generator The random generator, from which the parameters are drawn by PyTorch's default initialization,
   *   from the first layer to the last, and then the random numbers of the feedback.
   * @param options Options. Default: {}.
   * @throws RangeError for other sizes, images too small for the convolutions and poolings, or weights whose shapes the
   *   feedback rejects.
   */
  constructor(
    private readonly sizes: ConvNetSizes,
    generator: TorchGenerator,
    { feedback, feedbackGradient = false }: ConvNetOptions = {},
  ) {
    const { channels, filters, hidden, classes } = sizes;
    const features = featuresOf(sizes) + (feedback?.size ?? 0);
    this.feedback = feedback;
    this.feedbackGradient = feedbackGradient;
    tf.tidy(() => {
      const layers = {
        conv1: conv2dDefault([filters[0], channels, KERNEL, KERNEL], generator),
        conv2: conv2dDefault([filters[1], filters[0], KERNEL, KERNEL], generator),
        fc1: linearDefault([hidden, features], generator),
        fc2: linearDefault([classes, hidden], generator),
      };
      feedback?.prepare({ fc1: [hidden, features], fc2: [classes, hidden] }, generator);
      for (const [name, layer] of Object.entries(layers)) this.add(name, layer);
    });
  }

  /** The weights of the linear layers, which the network owns. */
  get linearWeights(): LinearWeights {
    const { "fc1.weight": fc1, "fc2.weight": fc2 } = this.parameters;
    return { fc1: fc1 as tf.Tensor as tf.Tensor2D, fc2: fc2 as tf.Tensor as tf.Tensor2D };
  }

  /**
   * Computes the logits [examples, classes] for images [examples, channels · side · side] in C, H, W order.
   *
   * @throws RangeError for images of another size.
   */
  forward(x: tf.Tensor2D): tf.Tensor2D {
    const { channels, side } = this.sizes;
    const width = channels * side * side;
    if (x.rank !== 2 || x.shape[1] !== width) {
      throw new RangeError(
        `expected images [examples, ${channels} · ${side} · ${side} = ${width}], got [${x.shape.join(", ")}]`,
      );
    }
    return tf.tidy(() => {
      const features = this.features(x);
      const feedback = this.feedbackFeatures();
      const inputs = feedback ? tf.concat2d([features, tf.tile(feedback, [x.shape[0], 1])], 1) : features;
      const hidden = this.linear("fc1", inputs).relu<tf.Tensor2D>();
      return this.linear("fc2", hidden);
    });
  }

  /** Returns the feedback [1, size], which is the same for all images; undefined without feedback. */
  feedbackFeatures(): tf.Tensor2D | undefined {
    const { fc1, fc2 } = this.linearWeights;
    return (
      this.feedback &&
      tf.tidy(() => {
        const weights = this.feedbackGradient
          ? { fc1, fc2 }
          : { fc1: stopGradient(fc1), fc2: stopGradient(fc2) };
        return this.feedback!.features(weights);
      })
    );
  }

  /** Frees the parameters and the feedback; the network cannot be used afterwards. */
  dispose(): void {
    tf.dispose(this.parameters);
    this.feedback?.dispose();
  }

  /** Returns the text that `console.log` prints: the parameters with their shapes. */
  [inspect](): string {
    return modelText(this.constructor.name, this.parameters);
  }

  /** The outputs of the convolutional layers, [examples, features] in C, H, W order. */
  private features(x: tf.Tensor2D): tf.Tensor2D {
    const { channels, side } = this.sizes;
    const planes = x.reshape([-1, channels, side, side]);
    // TensorFlow's CPU kernels require the channels last.
    const images = channels === 1 ? planes.reshape([-1, side, side, 1]) : planes.transpose([0, 2, 3, 1]);
    const pooled = this.convolve("conv2", this.convolve("conv1", images as tf.Tensor4D));
    return pooled.transpose([0, 3, 1, 2]).reshape([x.shape[0], featuresOf(this.sizes)]);
  }

  private convolve(layer: string, x: tf.Tensor4D): tf.Tensor4D {
    return convReluPool(x, this.parameters[`${layer}.weight`]!, this.parameters[`${layer}.bias`]!);
  }

  private linear(layer: string, x: tf.Tensor2D): tf.Tensor2D {
    const { [`${layer}.weight`]: weight, [`${layer}.bias`]: bias } = this.parameters;
    return tf.matMul(x, weight!, false, true).add(bias!);
  }

  private add(layer: string, { weight, bias }: LayerParameters): void {
    this.parameters[`${layer}.weight`] = tf.variable(weight);
    this.parameters[`${layer}.bias`] = tf.variable(bias);
  }
}

/** The number of features that the convolutional layers compute for an image. */
function featuresOf(sizes: ConvNetSizes): number {
  const { channels, side, filters, hidden, classes } = sizes;
  for (const [name, size] of Object.entries({ channels, side, hidden, classes })) {
    requireInteger(`ConvNet: ${name}`, size, 1);
  }
  requireIntegers("ConvNet: filters", filters, "two integers ≥ 1", { least: 1, length: 2 });
  const after = (side: number) => Math.floor((side - KERNEL + 1) / POOL);
  const left = after(after(side));
  if (left < 1)
    throw new RangeError(`images of side ${side} are too small for two convolutions and poolings`);
  return filters[1] * left * left;
}
