import type * as tf from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";

/**
 * Identity that shares memory, as Reshape does; the shipped kernel copies. Each step clones the tensors that its
 * gradient needs, and XNNPACK need not pack a clone that shares the original's memory again.
 */
export const identity: tf.KernelFunc = ({ inputs, backend }) => {
  const { dataId, shape, dtype } = inputs["x"]!;
  (backend as BackendWasm).incRef(dataId);
  return { dataId, shape, dtype };
};
