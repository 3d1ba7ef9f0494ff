import { tf } from "../backend/tf";
import { checkShape, type DenseShape, type KernelShape } from "./weight-shape";

/**
 * A convolution kernel that is zero except at its centre (⌊height / 2⌋, ⌊width / 2⌋), so that the convolution multiplies
 * each pixel by the matrix there.
 *
 * @param shape [outputs, inputs, height, width]
 * @param matrix Makes the matrix [outputs, inputs].
 * @returns The kernel, float32, of that shape.
 * @throws RangeError if the shape is not four integers ≥ 1.
 */
export function kernelWithCentre(
  shape: KernelShape,
  matrix: (shape: DenseShape) => tf.Tensor2D,
): tf.Tensor4D {
  checkShape(shape, 4);
  const [outputs, inputs, height, width] = shape;
  const [top, left] = [Math.floor(height / 2), Math.floor(width / 2)];
  return tf.tidy(() => {
    const centre = matrix([outputs, inputs]).reshape<tf.Tensor4D>([outputs, inputs, 1, 1]);
    return tf.pad(centre, [
      [0, 0],
      [0, 0],
      [top, height - 1 - top],
      [left, width - 1 - left],
    ]);
  });
}
