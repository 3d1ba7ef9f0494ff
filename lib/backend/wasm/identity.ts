import type * as tf from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";

/**
 * Identity that shares the numbers, as Reshape does: the shipped kernel copies them. Each step clones what its gradient
 * will need, and a clone that is the same to XNNPACK need not be packed again.
 */
export const identity: tf.KernelFunc = ({ inputs, backend }) => {
  const { dataId, shape, dtype } = inputs["x"]!;
  (backend as BackendWasm).incRef(dataId);
  return { dataId, shape, dtype };
};
