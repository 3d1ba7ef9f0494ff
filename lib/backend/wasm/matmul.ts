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
 * BatchMatMul that transposes explicitly: the shipped kernel passes only products without transposition to XNNPACK, and
 * runs scalar loops for a transposed factor. Batches use the shipped kernel.
 *
 * XNNPACK keeps a packed copy of a right factor as long as that tensor lives, such as P after Pᵀv.
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

/** Computes AB directly or as (BᵀAᵀ)ᵀ, whichever transposes fewer elements, so that Pᵀv does not transpose P. */
function transposedProduct({ a, b }: Factors, { transposeA, transposeB }: Transpositions): tf.Tensor {
  const outputs = a.shape[transposeA ? 1 : 0] * b.shape[transposeB ? 0 : 1];
  const directCost = (transposeA ? a.size : 0) + (transposeB ? b.size : 0);
  const swappedCost = (transposeA ? 0 : a.size) + (transposeB ? 0 : b.size) + outputs;
  return directCost <= swappedCost
    ? tf.matMul(transposedIf(transposeA, a), transposedIf(transposeB, b))
    : tf.matMul(transposedIf(!transposeB, b), transposedIf(!transposeA, a)).transpose();
}

function transposedIf(transpose: boolean, matrix: tf.Tensor2D): tf.Tensor2D {
  return transpose ? matrix.transpose() : matrix;
}
