import * as tf from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { kernel } from "./kernel";

interface Reduction {
  axis?: number | number[];
  keepDims?: boolean;
}

/**
 * Sum on the wasm heap with float64 accumulation, as on the cpu backend: the shipped kernel accumulates float32 in
 * float32, which loses half of the digits of a sum of a million numbers. Integers use the shipped kernel.
 *
 * @param shipped The kernel that tfjs ships.
 */
export function sum(shipped: tf.KernelFunc): tf.KernelFunc {
  const inDoubles = kernel(({ x }: { x: tf.Tensor }, { axis, keepDims = false }: Reduction) => {
    const axes = tf.util.parseAxisParam(axis!, x.shape);
    const [shape, summed] = tf.backend_util.computeOutAndReduceShapes(x.shape, axes);
    const others = [...x.shape.keys()].filter((dimension) => !axes.includes(dimension));
    const rows = x.transpose([...others, ...axes]);
    const numbers = (tf.backend() as BackendWasm).typedArrayFromHeap(rows) as Float32Array;
    const sums = sumsOfRows(numbers, tf.util.sizeFromShape(shape), tf.util.sizeFromShape(summed));
    return tf.tensor(sums, keepDims ? tf.backend_util.expandShapeToKeepDim(shape, axes) : shape);
  });
  return (call) => (call.inputs["x"]!.dtype === "float32" ? inDoubles(call) : shipped(call));
}

/** Mean computed from Sum, for its precision. */
export const mean = kernel(({ x }: { x: tf.Tensor }, { axis, keepDims }: Reduction) => {
  const sums = x.cast("float32").sum(axis, keepDims);
  return sums.mul(sums.size / x.size);
});

function sumsOfRows(numbers: Float32Array, rows: number, columns: number): Float32Array {
  const sums = new Float32Array(rows);
  for (let row = 0, at = 0; row < rows; row++) {
    let total = 0;
    for (const end = at + columns; at < end; at++) total += numbers[at]!;
    sums[row] = total;
  }
  return sums;
}
