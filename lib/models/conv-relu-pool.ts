import { tf } from "../backend/tf";

/** The side of the pools, and their stride. */
export const POOL = 2;

/**
 * A convolution without padding, ReLU and 2 × 2 max pooling.
 *
 * @param x [examples, height, width, inputs], the channels last, as TensorFlow's CPU convolves.
 * @param weight OIHW.
 * @param bias [outputs]
 */
export function convReluPool(x: tf.Tensor4D, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor4D {
  const kernel = weight.transpose<tf.Tensor4D>([2, 3, 1, 0]);
  const sums = tf.conv2d(x, kernel, 1, "valid").add(bias);
  return tf.maxPool(sums.relu<tf.Tensor4D>(), POOL, POOL, "valid");
}
