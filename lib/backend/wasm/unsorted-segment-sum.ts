import * as tf from "@tensorflow/tfjs";
import { kernel } from "./kernel";

interface Tensors {
  x: tf.Tensor;
  segmentIds: tf.Tensor1D;
}

/**
 * UnsortedSegmentSum, the gradient of gather, which the wasm backend lacks. As in TensorFlow, rows of `x` whose id is
 * out of range are dropped: they are summed into an extra segment, which is cut off.
 */
export const unsortedSegmentSum = kernel(
  ({ x, segmentIds }: Tensors, { numSegments }: { numSegments: number }) => {
    const known = segmentIds.greaterEqual(0).logicalAnd(segmentIds.less(numSegments));
    const rows = tf.where<tf.Tensor>(known, segmentIds, tf.scalar(numSegments, "int32"));
    const sums = tf.scatterND(rows.expandDims(1), x, [numSegments + 1, ...x.shape.slice(1)]);
    return sums.slice(0, numSegments);
  },
);
