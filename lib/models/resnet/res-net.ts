import { tf } from "../../backend/tf";
import type { KernelShape } from "../../initializers/weight-shape";
import { batchNorm, batchNormVariables } from "../batch-norm/batch-norm";
import { checkInputs } from "../mlp/feed-forward";
import { inspect, modelText } from "../model-text";
import { type Block, blocksOf } from "./blocks";
import { convolve } from "./convolve";
import type { KernelRole } from "./kernel-initializer";
import { completeOptions, type ResNetOptions } from "./options";

/** The height and width of the kernels of blocks. */
const KERNEL = 3;

/** A function of maps [examples, height, width, channels]. */
type OfMaps = (maps: tf.Tensor4D) => tf.Tensor4D;

/**
 * The residual network of He et al. 2016 (Deep residual learning, section 4.2) for small images such as CIFAR-10's: a
 * 3 × 3 convolution, stages of blocks of two 3 × 3 convolutions, global average pooling and a linear layer. Of
 * 2 · stages · blocksPerStage + 2 layers: ResNet-8 by default.
 *
 * A block adds its inputs to convolution, batch normalization, ReLU, convolution, batch normalization, then applies ReLU.
 * With `preActivation` (He et al. 2016b, Identity mappings) batch normalization and ReLU come before each convolution and
 * once more after the last block, the first convolution has none, and a block whose shape changes hands its shortcut the
 * activated inputs. A projection is followed by batch normalization unless the blocks are pre-activated. Without shortcuts
 * it is a plain network.
 *
 * Parameters and buffers have the names of torchvision's ResNets; where torchvision has no such thing, "bn1" is the batch
 * normalization after the last block of a pre-activated network. Departures from it: biases of the head start as 0, and
 * He et al. have shortcuts by padding on CIFAR-10, which is an option.
 *
 * @example
 * const network = new ResNet({ initialize: (shape) => kaimingNormal(shape, generator), blocksPerStage: 3 });
 * const logits = network.forward(images);
 */
export class ResNet {
  /** conv1.weight [outputs, inputs, 3, 3], bn1.weight [outputs], bn1.bias, layer1.0.conv1.weight, …, fc.weight, fc.bias */
  readonly parameters: Record<string, tf.Variable> = {};
  /** The running statistics: bn1.running_mean [outputs], bn1.running_var, layer1.0.bn1.running_mean, … */
  readonly buffers: Record<string, tf.Variable> = {};
  private readonly options: Required<ResNetOptions>;
  private readonly blocks: readonly Block[];

  /** @throws Error for an option that is not known or out of its range, or an initial kernel of another shape. */
  constructor(options: ResNetOptions) {
    this.options = completeOptions(options);
    const { channels, classes, widths, blocksPerStage, preActivation } = this.options;
    this.blocks = blocksOf(widths, blocksPerStage);
    tf.tidy(() => {
      this.addConvolution("conv1", [widths[0]!, channels, KERNEL, KERNEL], "first");
      if (!preActivation) this.addNormalization("bn1", widths[0]!);
      for (const block of this.blocks) this.addBlock(block);
      if (preActivation) this.addNormalization("bn1", widths.at(-1)!);
      const head = this.kernel("fc", [classes, widths.at(-1)!, 1, 1], "head");
      this.parameters["fc.weight"] = tf.variable(head.reshape([classes, widths.at(-1)!]));
      this.parameters["fc.bias"] = tf.variable(tf.zeros([classes]));
    });
  }

  /**
   * Computes the logits [examples, classes] for images [examples, channels · side · side] in C, H, W order, normalized by
   * the running statistics.
   *
   * @throws RangeError for images of another size.
   */
  forward(x: tf.Tensor2D): tf.Tensor2D {
    return this.logits(x, false);
  }

  /**
   * Computes the logits in training, normalized by the statistics of the batch, which go into the running ones.
   *
   * @throws RangeError for images of another size.
   */
  trainingForward(x: tf.Tensor2D): tf.Tensor2D {
    return this.logits(x, true);
  }

  /** Frees parameters and buffers; the network cannot be used afterwards. */
  dispose(): void {
    tf.dispose([this.parameters, this.buffers]);
  }

  /** Returns the text that `console.log` prints: the parameters with their shapes. */
  [inspect](): string {
    return modelText(this.constructor.name, this.parameters);
  }

  private logits(x: tf.Tensor2D, training: boolean): tf.Tensor2D {
    const { channels, side, preActivation } = this.options;
    checkInputs(x, channels * side * side);
    return tf.tidy(() => {
      const images = x.reshape([-1, channels, side, side]).transpose<tf.Tensor4D>([0, 2, 3, 1]);
      const activate: OfMaps = (maps) => this.normalize("bn1", maps, training).relu();
      const first = this.convolve("conv1", images, 1);
      const last = this.blocks.reduce(
        (maps, block) => this.apply(block, maps, training),
        preActivation ? first : activate(first),
      );
      const features = tf.mean<tf.Tensor2D>(preActivation ? activate(last) : last, [1, 2]);
      const sums = tf.matMul(features, this.parameters["fc.weight"] as tf.Tensor, false, true);
      return sums.add<tf.Tensor2D>(this.parameters["fc.bias"]!);
    });
  }

  private apply(block: Block, x: tf.Tensor4D, training: boolean): tf.Tensor4D {
    const { name, stride } = block;
    const normalize = (layer: string, maps: tf.Tensor4D) =>
      this.normalize(`${name}.${layer}`, maps, training);
    const inner = (maps: tf.Tensor4D) => this.convolve(`${name}.conv1`, maps, stride);
    const outer = (maps: tf.Tensor4D) => this.convolve(`${name}.conv2`, maps, 1);
    if (this.options.preActivation) {
      const active = normalize("bn1", x).relu<tf.Tensor4D>();
      const sums = outer(normalize("bn2", inner(active)).relu());
      return this.addShortcut(block, sums, block.reshapes ? active : x, training);
    }
    const sums = normalize("bn2", outer(normalize("bn1", inner(x)).relu()));
    return this.addShortcut(block, sums, x, training).relu();
  }

  /** Adds to the outputs of a block what its shortcut makes of its inputs. */
  private addShortcut(block: Block, sums: tf.Tensor4D, inputs: tf.Tensor4D, training: boolean): tf.Tensor4D {
    const { shortcut, preActivation } = this.options;
    const { name, stride, reshapes, outputs } = block;
    if (shortcut === "none") return sums;
    if (!reshapes) return tf.add(sums, inputs);
    if (shortcut === "padding") return tf.add(sums, padded(inputs, stride, outputs));
    const projected = this.convolve(`${name}.downsample.0`, inputs, stride);
    const added = preActivation ? projected : this.normalize(`${name}.downsample.1`, projected, training);
    return tf.add(sums, added);
  }

  private convolve(layer: string, maps: tf.Tensor4D, stride: number): tf.Tensor4D {
    const { [`${layer}.weight`]: kernel, [`${layer}.bias`]: bias } = this.parameters;
    const sums = convolve(maps, kernel as tf.Tensor as tf.Tensor4D, stride);
    return bias ? tf.add(sums, bias) : sums;
  }

  private normalize(layer: string, maps: tf.Tensor4D, training: boolean): tf.Tensor4D {
    const { [`${layer}.weight`]: weight, [`${layer}.bias`]: bias } = this.parameters;
    const { [`${layer}.running_mean`]: runningMean, [`${layer}.running_var`]: runningVariance } =
      this.buffers;
    if (!weight || !bias || !runningMean || !runningVariance) return maps;
    return batchNorm(maps, { weight, bias, runningMean, runningVariance }, { training });
  }

  private addBlock({ name, inputs, outputs, reshapes }: Block): void {
    const { preActivation, shortcut } = this.options;
    this.addConvolution(`${name}.conv1`, [outputs, inputs, KERNEL, KERNEL], "block");
    this.addNormalization(`${name}.bn1`, preActivation ? inputs : outputs);
    this.addConvolution(`${name}.conv2`, [outputs, outputs, KERNEL, KERNEL], "last");
    this.addNormalization(`${name}.bn2`, outputs);
    if (!reshapes || shortcut !== "projection") return;
    this.addConvolution(`${name}.downsample.0`, [outputs, inputs, 1, 1], "shortcut");
    if (!preActivation) this.addNormalization(`${name}.downsample.1`, outputs);
  }

  private addConvolution(layer: string, shape: KernelShape, role: KernelRole): void {
    this.parameters[`${layer}.weight`] = tf.variable(this.kernel(layer, shape, role));
    if (!this.options.batchNorm) this.parameters[`${layer}.bias`] = tf.variable(tf.zeros([shape[0]]));
  }

  private addNormalization(layer: string, channels: number): void {
    if (!this.options.batchNorm) return;
    const { weight, bias, runningMean, runningVariance } = batchNormVariables(channels);
    Object.assign(this.parameters, { [`${layer}.weight`]: weight, [`${layer}.bias`]: bias });
    Object.assign(this.buffers, {
      [`${layer}.running_mean`]: runningMean,
      [`${layer}.running_var`]: runningVariance,
    });
  }

  private kernel(layer: string, shape: KernelShape, role: KernelRole): tf.Tensor {
    const kernel = this.options.initialize(shape, role);
    if (kernel.shape.join() === shape.join()) return kernel;
    const [got, expected] = [kernel.shape.join(", "), shape.join(", ")];
    throw new RangeError(`the initializer returned ${layer}.weight [${got}], expected [${expected}]`);
  }
}

/** Every `stride`-th pixel of maps along both axes, with channels of zeros after theirs, up to `outputs`. */
function padded(maps: tf.Tensor4D, stride: number, outputs: number): tf.Tensor4D {
  // Pooling windows of one pixel: tfjs has no gradient of strided slices.
  const pixels = stride === 1 ? maps : tf.avgPool(maps, 1, stride, "valid");
  return tf.pad(pixels, [
    [0, 0],
    [0, 0],
    [0, 0],
    [0, outputs - maps.shape[3]],
  ]);
}
