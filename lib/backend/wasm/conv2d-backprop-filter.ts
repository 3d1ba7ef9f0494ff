import * as tf from "@tensorflow/tfjs";
import { type Convolution, type ExplicitPad, geometryOf, type Shape4 } from "./convolution";
import { kernel } from "./kernel";

interface Tensors {
  x: tf.Tensor4D;
  dy: tf.Tensor4D;
}

/**
 * Conv2DBackpropFilter, which wasm lacks, as one convolution. The gradient dW[u, v, c, k] is the sum of
 * x[b, s·i + u, s·j + v, c] · dy[b, i, j, k] over b, i and j: a convolution of x with the filter dy, in which examples
 * and input channels swap roles and the stride s becomes the dilation.
 *
 * @throws Error if the data format is not NHWC.
 */
export const conv2dBackpropFilter = kernel(
  ({ x, dy }: Tensors, attributes: Convolution & { filterShape: Shape4 }) => {
    const forward = geometryOf(x.shape, attributes.filterShape, attributes);
    const rows = reach(forward.outHeight, forward.strideHeight, forward.filterHeight, forward.padInfo.top);
    const columns = reach(forward.outWidth, forward.strideWidth, forward.filterWidth, forward.padInfo.left);
    const [examples, height, width, channels] = x.shape;
    const reached = x.slice(
      [0, 0, 0, 0],
      [examples, Math.min(rows, height), Math.min(columns, width), channels],
    );
    const pad: ExplicitPad = [
      [0, 0],
      [forward.padInfo.top, Math.max(rows - height, 0)],
      [forward.padInfo.left, Math.max(columns - width, 0)],
      [0, 0],
    ];
    const images = reached.transpose<tf.Tensor4D>([3, 1, 2, 0]);
    const filters = dy.transpose<tf.Tensor4D>([1, 2, 0, 3]);
    const dilations: [number, number] = [forward.strideHeight, forward.strideWidth];
    return tf.conv2d(images, filters, 1, pad, "NHWC", dilations).transpose([1, 2, 0, 3]);
  },
);

/** The number of leading input rows that the filter reaches; `before` is the padding above them. */
function reach(outputs: number, stride: number, filter: number, before: number): number {
  return (outputs - 1) * stride + filter - before;
}
