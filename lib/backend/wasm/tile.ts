import * as tf from "@tensorflow/tfjs";
import { kernel } from "./kernel";

/**
 * Tile, which every broadcast uses, with support for booleans: the shipped kernel treats them as numbers of four bytes
 * and writes past the end of its output.
 *
 * @param shipped The kernel that tfjs ships.
 */
export function tile(shipped: tf.KernelFunc): tf.KernelFunc {
  const asIntegers = kernel(({ x }: { x: tf.Tensor }, { reps }: { reps: number[] }) =>
    tf.tile(x.cast("int32"), reps).cast("bool"),
  );
  return (call) => (call.inputs["x"]!.dtype === "bool" ? asIntegers(call) : shipped(call));
}
