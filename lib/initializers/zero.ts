import type { tf } from "../backend/tf";
import { denseMatrix } from "./dense-matrix";
import { hadamardEntry } from "./hadamard";
import { partialIdentity } from "./partial-identity";
import type { DenseShape } from "./weight-shape";

/**
 * ZerO initialization: Zhao, Schäfer, Anandkumar 2021 (arXiv 2110.12661), algorithm 1, as their code has it.
 *
 * With no more outputs than inputs, the partial identity. With more, 2^(−m/2) · I*·H·I*, where m = ⌈log₂ outputs⌉, H
 * is the Hadamard matrix of order 2^m and the I* cut it to its upper left [outputs, inputs]: 2^(−m/2)·H is orthogonal,
 * so the columns are orthonormal where outputs = 2^m, and no singular value exceeds 1.
 *
 * The paper writes the factor as 2^(−(m−1)/2), of the same m and H, which makes the weights √2 times as large; its
 * code, which the original notebook has, and we take 2^(−m/2).
 *
 * @throws RangeError if the shape is not two positive integers
 */
export function zerO(shape: DenseShape): tf.Tensor2D {
  const [outputs, inputs] = shape;
  if (outputs <= inputs) return partialIdentity(shape);
  const m = Math.ceil(Math.log2(outputs));
  const scale = 2 ** (-m / 2);
  return denseMatrix(shape, (output, input) => scale * hadamardEntry(output, input));
}
