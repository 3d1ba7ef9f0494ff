import { tf } from "../../backend/tf";

/**
 * A convolution with padding of ⌊size / 2⌋ zeros on each side: PyTorch's `conv2d(x, kernel, stride, padding)`, without
 * bias.
 *
 * @param x [examples, height, width, inputs]; the channels are last because TensorFlow's CPU kernels require it.
 * @param kernel [outputs, inputs, size, size], of an odd size.
 * @returns [examples, ⌈height / stride⌉, ⌈width / stride⌉, outputs]
 */
export function convolve(x: tf.Tensor4D, kernel: tf.Tensor4D, stride: number): tf.Tensor4D {
  const filter = kernel.transpose<tf.Tensor4D>([2, 3, 1, 0]);
  const padding = Math.floor(kernel.shape[2] / 2);
  if (stride === 1 || padding === 0) return tf.conv2d(x, filter, stride, "same");
  // With a stride TensorFlow's "same" pads less before than after, and so shifts the image.
  const around: [number, number] = [padding, padding];
  return tf.conv2d(tf.pad(x, [[0, 0], around, around, [0, 0]]), filter, stride, "valid");
}
