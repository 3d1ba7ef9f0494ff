import * as tf from "@tensorflow/tfjs";

interface Attributes {
  filterSize: number | [number, number];
  strides: number | [number, number];
  pad: Parameters<typeof tf.backend_util.computePool2DInfo>[4];
}

/**
 * AvgPoolGrad that divides by the number of a window's pixels inside the image, as average pooling and TensorFlow do.
 * The shipped kernel and the cpu backend divide by the window's size, which is wrong where there is padding.
 *
 * @param shipped The kernel that tfjs ships.
 */
export function avgPoolGrad(shipped: tf.KernelFunc): tf.KernelFunc {
  return (call) => {
    const { dy, input } = call.inputs as unknown as { dy: tf.Tensor4D; input: tf.Tensor4D };
    const { filterSize, strides, pad } = call.attrs as unknown as Attributes;
    const pooling = tf.backend_util.computePool2DInfo(input.shape, filterSize, strides, 1, pad);
    const scaled = tf.tidy(() => dy.mul(sizesOverPixels(pooling)));
    try {
      return shipped({ ...call, inputs: { input, dy: scaled } });
    } finally {
      scaled.dispose();
    }
  };
}

/** The ratio of each window's size to the number of its pixels inside the image, [1, rows, columns, 1]. */
function sizesOverPixels(pooling: ReturnType<typeof tf.backend_util.computePool2DInfo>): tf.Tensor4D {
  const { inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth, padInfo } = pooling;
  const rows = pixelsInside(inHeight, outHeight, filterHeight, pooling.strideHeight, padInfo.top);
  const columns = pixelsInside(inWidth, outWidth, filterWidth, pooling.strideWidth, padInfo.left);
  const size = filterHeight * filterWidth;
  const ratios = rows.flatMap((height) => columns.map((width) => size / (height * width)));
  return tf.tensor4d(ratios, [1, outHeight, outWidth, 1]);
}

/** The number of pixels inside the image, not in the padding, of each window along one axis. */
function pixelsInside(
  pixels: number,
  windows: number,
  size: number,
  stride: number,
  before: number,
): number[] {
  return Array.from({ length: windows }, (_, window) => {
    const start = window * stride - before;
    return Math.min(start + size, pixels) - Math.max(start, 0);
  });
}
