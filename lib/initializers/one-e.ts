import type { tf } from "../backend/tf";
import type { TorchGenerator } from "../random/torch";
import { denseMatrix } from "./dense-matrix";
import { checkShape, type DenseShape } from "./weight-shape";

/**
 * OnE: the partial identity, and in each row beyond the columns a single 1 in a random column, so that every output
 * copies one input. With no more outputs than inputs it is the partial identity and draws nothing.
 *
 * Departure from the original notebook, which draws the columns from a NumPy generator without a seed: we draw each,
 * from the first such row to the last, as `generator.randint64()` modulo `inputs`. The columns' probabilities then
 * differ by 2⁻⁶³ at most.
 *
 * @throws RangeError if the shape is not two positive integers
 */
export function onE(shape: DenseShape, generator: TorchGenerator): tf.Tensor2D {
  checkShape(shape, 2);
  const [outputs, inputs] = shape;
  const randomColumn = () => Number(generator.randint64() % BigInt(inputs));
  const columns = Array.from({ length: outputs }, (_, row) => (row < inputs ? row : randomColumn()));
  return denseMatrix(shape, (output, input) => (input === columns[output] ? 1 : 0));
}
