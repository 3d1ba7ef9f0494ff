import * as tf from "@tensorflow/tfjs";
import { type Convolution, type ExplicitPad, geometryOf, type Shape4 } from "./convolution";
import { kernel } from "./kernel";

interface Tensors {
  dy: tf.Tensor4D;
  filter: tf.Tensor4D;
}

type Attributes = Convolution & { inputShape: Shape4 };

/**
 * Conv2DBackpropInput, also the transposed convolution, as a convolution of dy with the turned filter where the stride
 * is 1 and the padding narrower than the filter. The shipped kernel, left to the rest, is a scalar loop.
 *
 * @param shipped The kernel that tfjs ships.
 * @throws Error if the data format is not NHWC.
 */
export function conv2dBackpropInput(shipped: tf.KernelFunc): tf.KernelFunc {
  const convolving = kernel(({ dy, filter }: Tensors, attributes: Attributes) => {
    const turned = filter.reverse([0, 1]).transpose<tf.Tensor4D>([0, 1, 3, 2]);
    return tf.conv2d(dy, turned, 1, padOfGradient(filter.shape, attributes));
  });
  return (call) => {
    const attributes = call.attrs as unknown as Attributes;
    const pad = padOfGradient(call.inputs["filter"]!.shape as Shape4, attributes);
    const unitStrides = [attributes.strides].flat().every((stride) => stride === 1);
    return unitStrides && pad.flat().every((zeros) => zeros >= 0) ? convolving(call) : shipped(call);
  };
}

/** With a stride of 1, what padding the input leaves of the width of the filter less 1 pads its gradient. */
function padOfGradient(filterShape: Shape4, attributes: Attributes): ExplicitPad {
  const { filterHeight, filterWidth, padInfo } = geometryOf(attributes.inputShape, filterShape, attributes);
  return [
    [0, 0],
    [filterHeight - 1 - padInfo.top, filterHeight - 1 - padInfo.bottom],
    [filterWidth - 1 - padInfo.left, filterWidth - 1 - padInfo.right],
    [0, 0],
  ];
}
