import type { tf } from "../backend/tf";
import { denseMatrix } from "./dense-matrix";
import type { DenseShape } from "./weight-shape";

/**
 * The partial identity, with ones on the diagonal and zeros elsewhere, which copies inputs to outputs and sets further
 * outputs to zero: Zhao, Schäfer, Anandkumar 2021 (arXiv 2110.12661), definition 1; PyTorch's `torch.nn.init.eye_`.
 *
 * @param shape [outputs, inputs]
 * @returns The weights [outputs, inputs], float32.
 * @throws RangeError if the shape is not two integers ≥ 1.
 */
export function partialIdentity(shape: DenseShape): tf.Tensor2D {
  return denseMatrix(shape, (output, input) => (output === input ? 1 : 0));
}
