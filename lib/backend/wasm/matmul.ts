import * as tf from "@tensorflow/tfjs";
import { kernel } from "./kernel";

interface Factors {
  a: tf.Tensor2D;
  b: tf.Tensor2D;
}

interface Transpositions {
  transposeA: boolean;
  transposeB: boolean;
}

/**
 * BatchMatMul that transposes explicitly: the shipped kernel hands only the plain product of two matrices to XNNPACK,
 * and takes scalar loops for a transposed factor. Batches are left to it.
 *
 * XNNPACK keeps a packed copy of a right factor for as long as that tensor lives: of P too, after Pᵀv.
 *
 * @param shipped The kernel that tfjs ships.
 */
export function matMul(shipped: tf.KernelFunc): tf.KernelFunc {
  const transposing = kernel(transposedProduct);
  return (call) => {
    const { transposeA, transposeB } = call.attrs as unknown as Transpositions;
    const matrices = call.inputs["a"]!.shape.length === 2 && call.inputs["b"]!.shape.length === 2;
    return matrices && (transposeA || transposeB) ? transposing(call) : shipped(call);
  };
}

/** The product AB as it stands or as (BᵀAᵀ)ᵀ, whichever transposes fewer numbers: for Pᵀv, not the large P. */
function transposedProduct({ a, b }: Factors, { transposeA, transposeB }: Transpositions): tf.Tensor {
  const outputs = a.shape[transposeA ? 1 : 0] * b.shape[transposeB ? 0 : 1];
  const asItStands = (transposeA ? a.size : 0) + (transposeB ? b.size : 0);
  const flipped = (transposeA ? 0 : a.size) + (transposeB ? 0 : b.size) + outputs;
  return asItStands <= flipped
    ? tf.matMul(turned(a, transposeA), turned(b, transposeB))
    : tf.matMul(turned(b, !transposeB), turned(a, !transposeA)).transpose();
}

function turned(matrix: tf.Tensor2D, turn: boolean): tf.Tensor2D {
  return turn ? matrix.transpose() : matrix;
}
