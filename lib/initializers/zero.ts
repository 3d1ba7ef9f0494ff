import type { tf } from "../backend/tf";
import { denseMatrix } from "./dense-matrix";
import { hadamardEntry } from "./hadamard";
import { partialIdentity } from "./partial-identity";
import type { DenseShape } from "./weight-shape";

/** Options of `zerO` and `convZerO`. */
export interface ZerOOptions {
  /**
   * The factor of the Hadamard matrix: "code" for 2^(−m/2), which makes it orthogonal, "paper" for 2^(−(m−1)/2), with
   * which the weights are √2 times as large. Default: "code".
   */
  factor?: "code" | "paper";
}

/** The factor is 2^(−(m − shift) / 2). */
const SHIFTS = { code: 0, paper: 1 };

/**
 * ZerO initialization of dense weights: Zhao, Schäfer, Anandkumar 2021 (arXiv 2110.12661), algorithm 1, as in their
 * code.
 *
 * With no more outputs than inputs it is the partial identity. With more it is 2^(−m/2) · I*·H·I*, where
 * m = ⌈log₂ outputs⌉, H is the Hadamard matrix of order 2^m and the partial identities I* select its upper left block
 * [outputs, inputs]. Because 2^(−m/2)·H is orthogonal, the columns are orthonormal if outputs = 2^m, and no singular
 * value exceeds 1.
 *
 * Departure from the paper, which writes the factor 2^(−(m−1)/2) with the same m and H, so that the weights would be √2
 * times as large: the factor 2^(−m/2) is that of its code and of the original notebook, and the paper's is an option.
 *
 * @param shape [outputs, inputs]
 * @param options The factor of the Hadamard matrix. Default: that of the code.
 * @returns The weights [outputs, inputs], float32.
 * @throws RangeError if the shape is not two integers ≥ 1, or for a factor of another name.
 */
export function zerO(shape: DenseShape, { factor = "code" }: ZerOOptions = {}): tf.Tensor2D {
  if (!Object.hasOwn(SHIFTS, factor))
    throw new RangeError(`zerO: factor is ${factor}, expected "code" or "paper"`);
  const [outputs, inputs] = shape;
  if (outputs <= inputs) return partialIdentity(shape);
  const m = Math.ceil(Math.log2(outputs));
  const scale = 2 ** (-(m - SHIFTS[factor]) / 2);
  return denseMatrix(shape, (output, input) => scale * hadamardEntry(output, input));
}
