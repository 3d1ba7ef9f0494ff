import { tf } from "../backend/tf";
import { checkShape, type DenseShape } from "./weight-shape";

/**
 * Makes a float32 matrix from a function of the row and the column.
 *
 * @param shape [outputs, inputs]
 * @throws RangeError if the shape is not two integers ≥ 1.
 */
export function denseMatrix(
  shape: DenseShape,
  entry: (output: number, input: number) => number,
): tf.Tensor2D {
  checkShape(shape, 2);
  const [outputs, inputs] = shape;
  const entries = new Float32Array(outputs * inputs);
  for (let output = 0; output < outputs; output++) {
    for (let input = 0; input < inputs; input++) entries[output * inputs + input] = entry(output, input);
  }
  return tf.tensor2d(entries, shape);
}
