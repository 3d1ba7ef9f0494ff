import { tf } from "../backend/tf";

/** The size and stride of the pooling windows. */
export const POOL = 2;

/**
 * Applies a convolution without padding, ReLU and 2 × 2 max pooling.
 *
 * @param x [examples, height, width, inputs]; the channels are last because TensorFlow's CPU kernels require it.
 * @param weight The kernel in OIHW order.
 * @param bias [outputs]
 * @returns [examples, height, width, outputs] after pooling.
 */
export function convReluPool(x: tf.Tensor4D, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor4D {
  const kernel = weight.transpose<tf.Tensor4D>([2, 3, 1, 0]);
  const sums = tf.conv2d(x, kernel, 1, "valid").add(bias);
  return tf.maxPool(sums.relu<tf.Tensor4D>(), POOL, POOL, "valid");
}
