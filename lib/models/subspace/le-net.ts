import { tf } from "../../backend/tf";
import { conv2dDefault, linearDefault } from "../../initializers/torch-default";
import type { TorchGenerator } from "../../random/torch";
import { convReluPool } from "../conv-relu-pool";
import type { Architecture } from "./architecture";
import type { Part } from "./subspace-layout";

/** The side of the images in pixels. */
const SIDE = 28;
const KERNEL = 5;
const FILTERS = [6, 16] as const;
/** The number of features after the second pooling, 16 · 4 · 4, and the units of the linear layers. */
const SIZES = [256, 120, 84, 10] as const;

/**
 * LeNet (LeCun et al. 1998) as Li et al. (2018) train it on MNIST, with D = 44,426 parameters: two 5 × 5 convolutions
 * of 6 and 16 filters, each followed by ReLU and 2 × 2 max pooling, then linear layers of 120, 84 and 10 units with
 * ReLU between them. The order of θ is conv1.weight [6, 1, 5, 5], conv1.bias, conv2.…, fc1.weight [outputs, inputs],
 * fc1.bias, fc2.…, fc3.…
 */
export function leNet(): Architecture {
  return { inputs: SIDE * SIDE, parts: parts(), forward };
}

/** Draws LeNet's initial parameters θ [44,426] layer by layer by PyTorch's default initialization. */
export function initialLeNetTheta(generator: TorchGenerator): Float32Array {
  return tf.tidy(() => {
    const layers = [
      conv2dDefault([FILTERS[0], 1, KERNEL, KERNEL], generator),
      conv2dDefault([FILTERS[1], FILTERS[0], KERNEL, KERNEL], generator),
      ...SIZES.slice(1).map((outputs, i) => linearDefault([outputs, SIZES[i]!], generator)),
    ];
    const flat = layers.flatMap(({ weight, bias }) => [weight.flatten(), bias.flatten()]);
    return tf.concat1d(flat).dataSync<"float32">();
  });
}

function parts(): Part[] {
  const shapes: Record<string, number[]> = {
    conv1: [FILTERS[0], 1, KERNEL, KERNEL],
    conv2: [FILTERS[1], FILTERS[0], KERNEL, KERNEL],
    ...Object.fromEntries(SIZES.slice(1).map((outputs, i) => [`fc${i + 1}`, [outputs, SIZES[i]!]])),
  };
  return Object.entries(shapes).flatMap(([layer, shape]) => [
    { name: `${layer}.weight`, shape, count: shape.reduce((product, side) => product * side, 1) },
    { name: `${layer}.bias`, shape: [shape[0]!], count: shape[0]! },
  ]);
}

function forward(layers: Record<string, tf.Tensor>, x: tf.Tensor2D): tf.Tensor2D {
  const convolved = (name: string, images: tf.Tensor4D) =>
    convReluPool(images, layers[`${name}.weight`]!, layers[`${name}.bias`]!);
  const linear = (name: string, inputs: tf.Tensor) =>
    tf.matMul(inputs, layers[`${name}.weight`]!, false, true).add(layers[`${name}.bias`]!);
  const maps = convolved("conv2", convolved("conv1", x.reshape([-1, SIDE, SIDE, 1])));
  const features = maps.transpose([0, 3, 1, 2]).reshape([x.shape[0], SIZES[0]]);
  const hidden = linear("fc2", linear("fc1", features).relu()).relu();
  return linear("fc3", hidden) as tf.Tensor2D;
}
