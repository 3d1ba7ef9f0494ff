import type { tf } from "../backend/tf";
import type { TorchGenerator } from "../random/torch";
import { denseMatrix } from "./dense-matrix";
import { checkShape, type DenseShape } from "./weight-shape";

/**
 * OnE initialization: the partial identity, with a single 1 in a random column of each further row, so that every
 * output copies one input. With no more outputs than inputs it is the partial identity and draws nothing.
 *
 * Departure from the original notebook, which draws the columns from a NumPy generator without a seed: here each is
 * `generator.randint64()` modulo `inputs`, drawn from the first further row to the last. The probabilities of columns
 * then differ by at most 2⁻⁶³.
 *
 * @param shape [outputs, inputs]
 * @param generator The random generator.
 * @returns The weights [outputs, inputs], float32.
 * @throws RangeError if the shape is not two integers ≥ 1.
 */
export function onE(shape: DenseShape, generator: TorchGenerator): tf.Tensor2D {
  checkShape(shape, 2);
  const [outputs, inputs] = shape;
  const randomColumn = () => Number(generator.randint64() % BigInt(inputs));
  const columns = Array.from({ length: outputs }, (_, row) => (row < inputs ? row : randomColumn()));
  return denseMatrix(shape, (output, input) => (input === columns[output] ? 1 : 0));
}
