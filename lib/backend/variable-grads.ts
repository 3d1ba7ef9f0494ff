import { tf } from "./tf";

/**
 * Computes the value of a scalar function and its gradients with respect to variables: `tf.variableGrads`, but where
 * the function throws it also frees the tensors that were recorded for the gradients, which tfjs leaks.
 *
 * @returns The value, and the gradients by the variables' names.
 * @throws Any error that the function throws.
 */
export function variableGrads(
  f: () => tf.Scalar,
  variables: tf.Variable[],
): ReturnType<typeof tf.variableGrads> {
  try {
    return tf.variableGrads(f, variables);
  } catch (error) {
    const { state } = tf.engine();
    // Inside an outer gradient computation the tape is still needed.
    if (state.gradientDepth === 0) {
      for (const { saved } of state.activeTape ?? []) tf.dispose(saved ?? []);
      state.activeTape = [];
    }
    throw error;
  }
}
