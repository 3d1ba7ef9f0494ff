import type { tf } from "../backend/tf";
import { denseMatrix } from "./dense-matrix";
import type { DenseShape } from "./weight-shape";

/**
 * Ones on the diagonal, zeros elsewhere: as many inputs as there are outputs for pass unchanged, further outputs are
 * zero. Zhao, Schäfer, Anandkumar 2021 (arXiv 2110.12661), definition 1; PyTorch's `torch.nn.init.eye_`.
 *
 * @throws RangeError if the shape is not two positive integers
 */
export function partialIdentity(shape: DenseShape): tf.Tensor2D {
  return denseMatrix(shape, (output, input) => (output === input ? 1 : 0));
}
