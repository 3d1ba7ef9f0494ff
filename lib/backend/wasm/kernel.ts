import * as tf from "@tensorflow/tfjs";

/** Makes a kernel from a function of tfjs operations, which run on the current backend. */
export function kernel<Inputs, Attributes>(
  compute: (inputs: Inputs, attributes: Attributes) => tf.Tensor,
): tf.KernelFunc {
  return ({ inputs, attrs }) =>
    tf.tidy(() => compute(inputs as unknown as Inputs, attrs as unknown as Attributes));
}
