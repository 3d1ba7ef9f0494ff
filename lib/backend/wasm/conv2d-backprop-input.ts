import * as tf from "@tensorflow/tfjs";
import { type Convolution, type ExplicitPad, geometryOf, type Shape4 } from "./convolution";
import { kernel } from "./kernel";

interface Tensors {
  dy: tf.Tensor4D;
  filter: tf.Tensor4D;
}

type Attributes = Convolution & { inputShape: Shape4 };

/**
 * Conv2DBackpropInput, which also computes transposed convolutions, as a convolution of dy with the rotated filter
 * where the stride is 1 and the padding narrower than the filter. Other cases use the shipped kernel, a scalar loop.
 *
 * @param shipped The kernel that tfjs ships.
 * @throws Error if the data format is not NHWC.
 */
export function conv2dBackpropInput(shipped: tf.KernelFunc): tf.KernelFunc {
  const convolving = kernel(({ dy, filter }: Tensors, attributes: Attributes) => {
    const rotated = filter.reverse([0, 1]).transpose<tf.Tensor4D>([0, 1, 3, 2]);
    return tf.conv2d(dy, rotated, 1, padOfGradient(filter.shape, attributes));
  });
  return (call) => {
    const attributes = call.attrs as unknown as Attributes;
    const pad = padOfGradient(call.inputs["filter"]!.shape as Shape4, attributes);
    const unitStrides = [attributes.strides].flat().every((stride) => stride === 1);
    return unitStrides && pad.flat().every((zeros) => zeros >= 0) ? convolving(call) : shipped(call);
  };
}

/** The padding of dy for a stride of 1: the filter's size − 1 − the padding of the input, on each side. */
function padOfGradient(filterShape: Shape4, attributes: Attributes): ExplicitPad {
  const { filterHeight, filterWidth, padInfo } = geometryOf(attributes.inputShape, filterShape, attributes);
  return [
    [0, 0],
    [filterHeight - 1 - padInfo.top, filterHeight - 1 - padInfo.bottom],
    [filterWidth - 1 - padInfo.left, filterWidth - 1 - padInfo.right],
    [0, 0],
  ];
}
