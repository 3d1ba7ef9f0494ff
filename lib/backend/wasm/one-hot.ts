import * as tf from "@tensorflow/tfjs";
import { kernel } from "./kernel";

interface Attributes {
  depth: number;
  onValue: number;
  offValue: number;
  dtype: tf.NumericDataType;
}

/**
 * OneHot in any data type; the shipped kernel writes integers whatever data type it declares.
 *
 * @param shipped The kernel that tfjs ships.
 */
export function oneHot(shipped: tf.KernelFunc): tf.KernelFunc {
  const typed = kernel(
    ({ indices }: { indices: tf.Tensor }, { depth, onValue, offValue, dtype }: Attributes) => {
      const hot = tf.oneHot(indices, depth, 1, 0, "int32").cast("bool");
      return tf.where(hot, tf.scalar(onValue), tf.scalar(offValue)).cast(dtype);
    },
  );
  return (call) => ((call.attrs as unknown as Attributes).dtype === "int32" ? shipped(call) : typed(call));
}
