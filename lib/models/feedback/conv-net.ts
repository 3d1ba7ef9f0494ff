import { stopGradient } from "../../backend/stop-gradient";
import { tf } from "../../backend/tf";
import { requireInteger, requireIntegers } from "../../checks/check-range";
import { conv2dDefault, type LayerParameters, linearDefault } from "../../initializers/torch-default";
import type { TorchGenerator } from "../../random/torch";
import { convReluPool, POOL } from "../conv-relu-pool";
import { inspect, modelText } from "../model-text";
import type { Feedback, LinearWeights } from "./feedback";

/** The side of the kernels. */
const KERNEL = 5;

/** The sizes that determine the shapes of a `ConvNet`. */
export interface ConvNetSizes {
  /** Of the images, which are square. */
  channels: number;
  side: number;
  /** The filters of the two convolutions. */
  filters: readonly [number, number];
  /** The units of the hidden layer. */
  hidden: number;
  classes: number;
}

/** Options of `ConvNet`. */
export interface ConvNetOptions {
  /** What the first linear layer is given besides an image's features. Default: nothing. The net disposes of it. */
  feedback?: Feedback;
  /** Whether the loss is differentiated through the feedback too. Default: false, as in the document. */
  feedbackGradient?: boolean;
}

/**
 * Notebook 02's convolutional net: twice a 5 × 5 convolution, ReLU and 2 × 2 max pooling, then two linear layers with
 * ReLU between them, of which the last gives logits.
 *
 * Departure from the document: logits, of which it takes the logarithm of the softmax.
 */
export class ConvNet {
  /** conv1.weight [filters, channels, 5, 5], conv1.bias, conv2.…, fc1.weight [hidden, features], fc1.bias, fc2.… */
  readonly parameters: Record<string, tf.Variable> = {};
  private readonly feedback: Feedback | undefined;
  private readonly feedbackGradient: boolean;

  /**
   * @param generator Draws the parameters as PyTorch's layers do, from the first layer to the last, then what the
   *   feedback draws.
   * @throws RangeError for sizes that are not positive integers, images that the convolutions leave nothing of, or
   *   weights that do not fit the feedback.
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

  /** The weights of the linear layers, which stay the net's. */
  get linearWeights(): LinearWeights {
    const { "fc1.weight": fc1, "fc2.weight": fc2 } = this.parameters;
    return { fc1: fc1 as tf.Tensor as tf.Tensor2D, fc2: fc2 as tf.Tensor as tf.Tensor2D };
  }

  /**
   * The logits [examples, classes] for images [examples, channels · side · side], in C, H, W order.
   *
   * @throws RangeError for images of another size
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
      const fedBack = this.feedbackFeatures();
      const inputs = fedBack ? tf.concat2d([features, tf.tile(fedBack, [x.shape[0], 1])], 1) : features;
      const hidden = this.linear("fc1", inputs).relu<tf.Tensor2D>();
      return this.linear("fc2", hidden);
    });
  }

  /** What the first linear layer is given besides an image's features, the same for all, [1, size], if anything. */
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

  /** Frees the parameters' memory; the network is of no use afterwards. */
  dispose(): void {
    tf.dispose(this.parameters);
    this.feedback?.dispose();
  }

  /** The model's parameters with their shapes, as `console.log` shows them. */
  [inspect](): string {
    return modelText(this.constructor.name, this.parameters);
  }

  /** What the convolutions make of images, [examples, features] in C, H, W order. */
  private features(x: tf.Tensor2D): tf.Tensor2D {
    const { channels, side } = this.sizes;
    const planes = x.reshape([-1, channels, side, side]);
    // TensorFlow's CPU convolves with the channels last.
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

/** The numbers that the convolutions make of an image. */
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
